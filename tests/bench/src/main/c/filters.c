/*
 * Times filters in the kernel, each in children of its own and all in turn.
 *
 *   filters load ROUNDS FILTER...
 *       nanoseconds that seccomp(2) takes to load each
 *   filters call ROUNDS NUMBER ARGUMENT ARGUMENT FILTER...
 *       nanoseconds of one such call under each, of 2000 in a row
 *
 * One line for each round, a number for each FILTER, which is a file of raw BPF or "none".
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 8, IN_A_ROW = 2000 };

static struct sock_filter code[MOST][BPF_MAXINSNS];
static struct sock_fprog filters[MOST];
static long call[3];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Time of this thread alone: what else the machine does does not count. */
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void read_filter(int i, const char *name) {
  if (strcmp(name, "none") == 0) {
    return;
  }
  FILE *in = fopen(name, "rb");
  if (!in) {
    fail(name);
  }
  filters[i].len = fread(code[i], sizeof(struct sock_filter), BPF_MAXINSNS, in);
  filters[i].filter = code[i];
  fclose(in);
}

static double load(int i) {
  double start = now();
  if (filters[i].len != 0
      && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filters[i]) != 0) {
    fail("seccomp");
  }
  return now() - start;
}

static double calls(int i) {
  load(i);
  double start = now();
  for (int n = 0; n < IN_A_ROW; n++) {
    syscall(call[0], call[1], call[2], 0, 0, 0, 0);
  }
  return (now() - start) / IN_A_ROW;
}

static double in_a_child(int i, double (*timed)(int)) {
  int ends[2];
  double result = 0;
  if (pipe(ends) != 0) {
    fail("pipe");
  }
  pid_t child = fork();
  if (child < 0) {
    fail("fork");
  }
  if (child == 0) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
      fail("no_new_privs");
    }
    result = timed(i);
    _exit(write(ends[1], &result, sizeof result) == sizeof result ? 0 : 1);
  }
  close(ends[1]);
  if (read(ends[0], &result, sizeof result) != sizeof result) {
    fprintf(stderr, "filter %d: no result\n", i);
    exit(1);
  }
  close(ends[0]);
  waitpid(child, 0, 0);
  return result;
}

int main(int argc, char **argv) {
  int first = argc > 1 && strcmp(argv[1], "call") == 0 ? 6 : 3;
  int count = argc - first;
  if (count < 1 || count > MOST) {
    fprintf(stderr, "filters load ROUNDS FILTER... | call ROUNDS NUMBER ARG ARG FILTER...\n");
    return 2;
  }
  for (int i = 0; i < first - 3; i++) {
    call[i] = strtoul(argv[3 + i], 0, 0);
  }
  for (int i = 0; i < count; i++) {
    read_filter(i, argv[first + i]);
  }
  for (long round = 0; round < atol(argv[2]); round++) {
    double times[MOST];
    for (int turn = 0; turn < count; turn++) {
      int i = (turn + round) % count;
      times[i] = in_a_child(i, first == 3 ? load : calls);
    }
    for (int i = 0; i < count; i++) {
      printf("%.1f%c", times[i], i + 1 < count ? ' ' : '\n');
    }
  }
  return 0;
}
