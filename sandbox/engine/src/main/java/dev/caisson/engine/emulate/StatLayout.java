package dev.caisson.engine.emulate;

import dev.caisson.policy.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Where struct stat holds what is emulated (asm/stat.h); struct statx is the same everywhere. */
enum StatLayout {
  X86_64(24, 28, 32, 40),
  AARCH64(16, 24, 28, 32);

  private static final int CHARACTER_DEVICE = 0x2000;
  private static final int TYPE = 0xf000;

  /** Offsets in struct statx. */
  private static final int STATX_UID = 0x14;

  private static final int STATX_GID = 0x18;
  private static final int STATX_MODE = 0x1c;
  private static final int STATX_RDEV = 0x80;

  private final int mode;
  private final int uid;
  private final int gid;
  private final int device;

  StatLayout(int mode, int uid, int gid, int device) {
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    this.device = device;
  }

  static StatLayout of(Architecture architecture) {
    return architecture == Architecture.X86_64 ? X86_64 : AARCH64;
  }

  /** {@code stat} as {@code owner} wants it to be seen. */
  byte[] stat(byte[] stat, Owner owner) {
    ByteBuffer fields = ByteBuffer.wrap(stat).order(ByteOrder.LITTLE_ENDIAN);
    fields.putInt(uid, owner.user()).putInt(gid, owner.group());
    owner
        .node()
        .ifPresent(
            node -> {
              fields.putInt(mode, fields.getInt(mode) & ~TYPE | CHARACTER_DEVICE);
              fields.putLong(device, node.major() << 8 | node.minor());
            });
    return stat;
  }

  static byte[] statx(byte[] statx, Owner owner) {
    ByteBuffer fields = ByteBuffer.wrap(statx).order(ByteOrder.LITTLE_ENDIAN);
    fields.putInt(STATX_UID, owner.user()).putInt(STATX_GID, owner.group());
    owner
        .node()
        .ifPresent(
            node -> {
              int permissions = fields.getShort(STATX_MODE) & ~TYPE;
              fields.putShort(STATX_MODE, (short) (permissions | CHARACTER_DEVICE));
              fields.putInt(STATX_RDEV, node.major()).putInt(STATX_RDEV + 4, node.minor());
            });
    return statx;
  }
}
