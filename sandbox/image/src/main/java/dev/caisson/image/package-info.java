/**
 * Images: OCI layouts, the content store, and the way from a reference to the unpacked layers of a
 * verified image.
 */
@NullMarked
package dev.caisson.image;

import org.jspecify.annotations.NullMarked;
