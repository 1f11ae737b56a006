/* The clock of a machine whose network lies: what the program asks the kernel for the time is answered so many seconds ahead, and
   whether the network sets that clock as the test wants. Both stand in the file that BOLAO_TEST_CLOCK names: "SECONDS SET". */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static void told(long *ahead, int *set) {
    char text[64] = "";
    char *rest = text;
    *ahead = 0;
    *set = 0;
    const char *path = getenv("BOLAO_TEST_CLOCK");
    int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    if (read(file, text, sizeof text - 1) > 0) {
        *ahead = strtol(text, &rest, 10);
        *set = strtol(rest, NULL, 10) != 0;
    }
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int failed = syscall(SYS_clock_gettime, clock, at);
    if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        long ahead;
        int set;
        told(&ahead, &set);
        at->tv_sec += ahead;
    }
    return failed;
}

int gettimeofday(struct timeval *at, void *zone) {
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return -1;
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at != NULL)
        *at = now.tv_sec;
    return now.tv_sec;
}

int adjtimex(struct timex *asked) {
    long ahead;
    int set;
    told(&ahead, &set);
    if (syscall(SYS_adjtimex, asked) < 0)
        return -1;
    asked->time.tv_sec += ahead;
    return set ? TIME_OK : TIME_ERROR;
}

int ntp_adjtime(struct timex *asked) { return adjtimex(asked); }
