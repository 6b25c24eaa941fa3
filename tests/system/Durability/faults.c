// Put before libc in a real process by LD_PRELOAD: ends it, or fills its disk, at one exact change of a file.
// FAULT_FOLDER  only changes below this folder count (absolute, real path)
// FAULT_KIND    kill: SIGKILL instead of the change; torn: the same after half of a write; full: this and later writes find no space
// FAULT_STATE   begin to count once execution.json says this state; empty: count from the start
// FAULT_AFTER   changes that still pass
// FAULT_IGNORE  part of a path that does not count; empty: none
// FAULT_WHILE   full: the disk is full while this file exists, made at the first write that fails
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { NONE, KILL, TORN, FULL };

static enum kind kind;
static const char *folder, *state, *ignored, *full_while;
static long after;
static atomic_long changes;
static atomic_int armed, filled;

__attribute__((constructor)) static void read_environment(void)
{
    const char *name = getenv("FAULT_KIND");
    folder = getenv("FAULT_FOLDER");
    if (!name || !folder)
        return;
    kind = !strcmp(name, "kill") ? KILL : !strcmp(name, "torn") ? TORN : !strcmp(name, "full") ? FULL : NONE;
    state = getenv("FAULT_STATE");
    ignored = getenv("FAULT_IGNORE");
    full_while = getenv("FAULT_WHILE");
    after = getenv("FAULT_AFTER") ? atol(getenv("FAULT_AFTER")) : 0;
    armed = !state || !*state;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static int counts(const char *path)
{
    return kind != NONE && path && !strncmp(path, folder, strlen(folder)) && !(ignored && *ignored && strstr(path, ignored));
}

static int descriptor_counts(int fd)
{
    char link[32], path[4096];
    if (kind == NONE)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return counts(path);
}

// True for the change at which the fault happens, and for FULL for those after it.
static int due(void)
{
    return armed && atomic_fetch_add(&changes, 1) >= after;
}

static void before_change(void)
{
    if (due() && kind != FULL)
        die();
}

static int is_full(void)
{
    if (kind != FULL || !due())
        return 0;
    if (!full_while)
        return 1;
    if (!atomic_exchange(&filled, 1))
        close(creat(full_while, 0600));
    return !access(full_while, F_OK);
}

static void look_for_state(const char *path)
{
    char text[16384], wanted[64];
    const char *name = strrchr(path, '/');
    if (armed || !name || strcmp(name, "/execution.json"))
        return;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    text[length < 0 ? 0 : length] = 0;
    snprintf(wanted, sizeof wanted, "\"state\":\"%s\"", state);
    if (!strstr(text, wanted))
        return;
    armed = 1;
    if (after == 0 && kind != FULL)
        die();
}

#define REAL(name) ({ static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name); real; })

#define WRITE(name, parameters, arguments, halved)                                             \
    ssize_t name parameters                                                                    \
    {                                                                                          \
        if (descriptor_counts(fd)) {                                                           \
            if (is_full()) { errno = ENOSPC; return -1; }                                      \
            if (kind != FULL && due()) {                                                       \
                if (kind == TORN && count > 1) REAL(name) halved;                              \
                die();                                                                         \
            }                                                                                  \
        }                                                                                      \
        return REAL(name) arguments;                                                           \
    }

WRITE(write, (int fd, const void *bytes, size_t count), (fd, bytes, count), (fd, bytes, count / 2))
WRITE(pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at), (fd, bytes, count / 2, at))
WRITE(pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at), (fd, bytes, count / 2, at))

int rename(const char *from, const char *to)
{
    int is_ours = counts(to);
    if (is_ours)
        before_change();
    int result = REAL(rename)(from, to);
    if (is_ours && result == 0)
        look_for_state(to);
    return result;
}

int unlink(const char *path)
{
    if (counts(path))
        before_change();
    return REAL(unlink)(path);
}

int fsync(int fd)
{
    if (descriptor_counts(fd))
        before_change();
    return REAL(fsync)(fd);
}

int ftruncate(int fd, off_t length)
{
    if (descriptor_counts(fd))
        before_change();
    return REAL(ftruncate)(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
    if (descriptor_counts(fd))
        before_change();
    return REAL(ftruncate64)(fd, length);
}
