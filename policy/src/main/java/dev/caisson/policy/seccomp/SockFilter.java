package dev.caisson.policy.seccomp;

/**
 * One instruction of classic BPF (struct sock_filter, linux/filter.h).
 *
 * @param code operation
 * @param jt instructions to skip where a comparison holds, 0 to 255
 * @param jf instructions to skip where it does not, 0 to 255
 * @param k operand
 */
public record SockFilter(int code, int jt, int jf, int k) {}
