/** End-to-end tests: the built distribution, used as a person or a script uses it. */
@NullMarked
package dev.caisson.e2e;

import org.jspecify.annotations.NullMarked;
