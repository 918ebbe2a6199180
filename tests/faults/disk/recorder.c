/* Records what a process does to files below one folder, in the order in which it does it.

   Loaded before the C library (LD_PRELOAD). DISK_ROOT: the folder; DISK_LOG: where to write. What
   the process writes to its standard output is recorded too: what it has said stands in one order
   with what the disk was asked. Each record is the fixed part below, a path, and octets. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SAY = 1, CREATE, MKDIR, WRITE, TRUNCATE, SYNC, SYNC_FOLDER, RENAME, UNLINK, RMDIR };

struct record {
    uint32_t kind, path, octets, unused;
    uint64_t file, offset;
};

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_length;
static int log_file = -1;

__attribute__((constructor)) static void begin(void)
{
    const char *folder = getenv("DISK_ROOT"), *log = getenv("DISK_LOG");
    if (folder == NULL || log == NULL)
        return;
    root_length = strlen(strcpy(root, folder));
    log_file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    unsetenv("LD_PRELOAD"); /* children are not recorded */
}

static void fail(const char *what)
{
    dprintf(2, "disk recorder: %s\n", what);
    abort();
}

static void note(uint32_t kind, uint64_t file, uint64_t offset, const char *path, const void *octets,
                 size_t length)
{
    struct record record = {kind, strlen(path), length, 0, file, offset};
    struct iovec parts[] = {{&record, sizeof record}, {(void *)path, record.path},
                            {(void *)octets, length}};
    ssize_t whole = sizeof record + record.path + length;
    if (syscall(SYS_writev, log_file, parts, 3) != whole)
        fail("the log takes no more");
}

/* The path below the folder that ``path`` names, "" for the folder itself; NULL elsewhere. */
static const char *below(const char *path)
{
    if (log_file < 0 || strncmp(path, root, root_length) != 0)
        return NULL;
    if (path[root_length] == '\0')
        return path + root_length;
    return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

static const char *at_path(int folder, const char *path, char *whole)
{
    char link[64];
    ssize_t length;
    if (path[0] == '/')
        return below(path);
    snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
    length = readlink(link, whole, PATH_MAX - 1);
    if (length < 0 || length + strlen(path) + 2 > PATH_MAX)
        return NULL;
    whole[length] = '/';
    strcpy(whole + length + 1, path);
    return below(whole);
}

/* Whether a descriptor leads to something below the folder; its number, and its path if asked. */
static int known(int descriptor, struct stat *found, char *whole, const char **path)
{
    char link[64];
    ssize_t length;
    if (log_file < 0)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    length = readlink(link, whole, PATH_MAX - 1);
    if (length < 0)
        return 0;
    whole[length] = '\0';
    *path = below(whole);
    return *path != NULL && fstat(descriptor, found) == 0;
}

#define LOCK pthread_mutex_lock(&one_at_a_time)
#define UNLOCK do { int kept = errno; pthread_mutex_unlock(&one_at_a_time); errno = kept; } while (0)

static int opened(int folder, const char *name, int flags, mode_t mode)
{
    char whole[PATH_MAX];
    struct stat before, after;
    const char *path = at_path(folder, name, whole);
    int descriptor, was;
    if (path == NULL)
        return syscall(SYS_openat, folder, name, flags, mode);
    LOCK;
    was = fstatat(folder, name, &before, 0) == 0;
    descriptor = syscall(SYS_openat, folder, name, flags, mode);
    if (descriptor >= 0 && fstat(descriptor, &after) == 0) {
        if (!was)
            note(CREATE, after.st_ino, 0, path, "", 0);
        else if ((flags & O_TRUNC) && before.st_size)
            note(TRUNCATE, after.st_ino, 0, path, "", 0);
    }
    UNLOCK;
    return descriptor;
}

#define MODE(after)                                                                                \
    mode_t mode = 0;                                                                               \
    if (flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) {                                          \
        va_list more;                                                                              \
        va_start(more, after);                                                                     \
        mode = va_arg(more, mode_t);                                                               \
        va_end(more);                                                                              \
    }

int open(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int openat(int at, const char *name, int flags, ...) { MODE(flags) return opened(at, name, flags, mode); }
int openat64(int at, const char *name, int flags, ...) { MODE(flags) return opened(at, name, flags, mode); }
int creat(const char *name, mode_t mode) { return opened(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *name, mode_t mode) { return creat(name, mode); }

/* ``at`` < 0: where the descriptor stands. */
static ssize_t written(int descriptor, const void *octets, size_t length, off_t at)
{
    char whole[PATH_MAX];
    const char *path;
    struct stat found;
    ssize_t done;
    int mine;
    LOCK;
    mine = descriptor != 1 && known(descriptor, &found, whole, &path) && S_ISREG(found.st_mode);
    done = at < 0 ? syscall(SYS_write, descriptor, octets, length)
                  : syscall(SYS_pwrite64, descriptor, octets, length, at);
    if (done > 0 && descriptor == 1 && log_file >= 0)
        note(SAY, 0, 0, "", octets, done);
    if (done > 0 && mine) {
        if (at < 0)
            at = lseek(descriptor, 0, SEEK_CUR) - done;
        note(WRITE, found.st_ino, at, path, octets, done);
    }
    UNLOCK;
    return done;
}

ssize_t write(int descriptor, const void *octets, size_t length) { return written(descriptor, octets, length, -1); }
ssize_t pwrite(int descriptor, const void *octets, size_t length, off_t at) { return written(descriptor, octets, length, at); }
ssize_t pwrite64(int descriptor, const void *octets, size_t length, off_t at) { return written(descriptor, octets, length, at); }

static int cut(int descriptor, off_t length)
{
    char whole[PATH_MAX];
    const char *path;
    struct stat found;
    int mine, done;
    LOCK;
    mine = known(descriptor, &found, whole, &path);
    done = syscall(SYS_ftruncate, descriptor, length);
    if (done == 0 && mine)
        note(TRUNCATE, found.st_ino, length, path, "", 0);
    UNLOCK;
    return done;
}

int ftruncate(int descriptor, off_t length) { return cut(descriptor, length); }
int ftruncate64(int descriptor, off_t length) { return cut(descriptor, length); }

int truncate(const char *name, off_t length)
{
    int descriptor = open(name, O_WRONLY | O_CLOEXEC), done;
    if (descriptor < 0)
        return -1;
    done = cut(descriptor, length);
    close(descriptor);
    return done;
}
int truncate64(const char *name, off_t length) { return truncate(name, length); }

static int synced(int descriptor, long number)
{
    char whole[PATH_MAX];
    const char *path;
    struct stat found;
    int mine, done;
    LOCK; /* held until it is over: nothing of what comes later is taken for synced */
    mine = known(descriptor, &found, whole, &path);
    done = syscall(number, descriptor);
    if (done == 0 && mine)
        note(S_ISDIR(found.st_mode) ? SYNC_FOLDER : SYNC, found.st_ino, 0, path, "", 0);
    UNLOCK;
    return done;
}

int fsync(int descriptor) { return synced(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return synced(descriptor, SYS_fdatasync); }

int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    char whole_old[PATH_MAX], whole_new[PATH_MAX];
    const char *was = at_path(from, old, whole_old), *is = at_path(to, new, whole_new);
    int done;
    if ((was == NULL) != (is == NULL) || (was != NULL && flags))
        fail("a rename that it cannot record");
    LOCK;
    done = syscall(SYS_renameat2, from, old, to, new, flags);
    if (done == 0 && was != NULL)
        note(RENAME, 0, 0, was, is, strlen(is));
    UNLOCK;
    return done;
}
int renameat(int from, const char *old, int to, const char *new) { return renameat2(from, old, to, new, 0); }
int rename(const char *old, const char *new) { return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0); }

int unlinkat(int at, const char *name, int flags)
{
    char whole[PATH_MAX];
    const char *path = at_path(at, name, whole);
    int done;
    LOCK;
    done = syscall(SYS_unlinkat, at, name, flags);
    if (done == 0 && path != NULL)
        note(flags & AT_REMOVEDIR ? RMDIR : UNLINK, 0, 0, path, "", 0);
    UNLOCK;
    return done;
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdirat(int at, const char *name, mode_t mode)
{
    char whole[PATH_MAX];
    const char *path = at_path(at, name, whole);
    int done;
    LOCK;
    done = syscall(SYS_mkdirat, at, name, mode);
    if (done == 0 && path != NULL)
        note(MKDIR, 0, 0, path, "", 0);
    UNLOCK;
    return done;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }
