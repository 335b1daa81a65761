/** seccomp: OCI profiles, and their compilation to classic BPF. */
@NullMarked
package dev.caisson.policy.seccomp;

import org.jspecify.annotations.NullMarked;
