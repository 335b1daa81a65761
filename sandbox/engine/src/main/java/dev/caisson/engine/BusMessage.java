package dev.caisson.engine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A message of the D-Bus protocol, version 1 (D-Bus Specification, "Message Protocol").
 *
 * @param kind 1 a call, 2 its reply, 3 an error in its place, 4 a signal
 * @param replyTo the serial number of the call that it answers; 0 for none
 * @param member the method's or signal's name, or that of the error; empty in a reply
 * @param body the arguments, which start at a multiple of 8
 */
record BusMessage(int kind, int replyTo, String member, ByteBuffer body) {
  static final int CALL = 1;
  static final int REPLY = 2;
  static final int ERROR = 3;
  static final int SIGNAL = 4;

  private static final int PATH = 1;
  private static final int INTERFACE = 2;
  private static final int MEMBER = 3;
  private static final int ERROR_NAME = 4;
  private static final int REPLY_SERIAL = 5;
  private static final int DESTINATION = 6;
  private static final int SIGNATURE = 8;
  private static final int FIXED = 16;

  /** No message of a bus is longer than 128 MiB; what is read here is far shorter. */
  private static final int LONGEST = 1 << 20;

  /** A call in bytes. */
  static byte[] call(
      int serial, String to, String path, String type, String method, BusArguments arguments) {
    BusArguments header = new BusArguments();
    byte[] body = arguments.bytes();
    header.one('l').one(CALL).one(0).one(1).number(body.length).number(serial);
    header.array(
        8,
        fields -> {
          fields.align(8).one(PATH).variant("o").text(path);
          fields.align(8).one(INTERFACE).variant("s").text(type);
          fields.align(8).one(MEMBER).variant("s").text(method);
          fields.align(8).one(DESTINATION).variant("s").text(to);
          if (body.length > 0) {
            fields.align(8).one(SIGNATURE).variant("g").signature(arguments.types());
          }
        });
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(header.align(8).bytes());
    message.writeBytes(body);
    return message.toByteArray();
  }

  /**
   * The message at the start of {@code received}, which is moved behind it; empty if incomplete.
   */
  static Optional<BusMessage> take(ByteBuffer received) throws BusProblem {
    if (received.remaining() < FIXED) {
      return Optional.empty();
    }
    ByteBuffer message = received.slice();
    message.order(message.get(0) == 'l' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long bodyLength = Integer.toUnsignedLong(message.getInt(4));
    long fieldsLength = Integer.toUnsignedLong(message.getInt(12));
    if (bodyLength > LONGEST || fieldsLength > LONGEST) {
      throw new BusProblem("the bus sent a message of " + bodyLength + " bytes");
    }
    int bodyStart = (int) (FIXED + fieldsLength + 7) & ~7;
    int end = bodyStart + (int) bodyLength;
    if (received.remaining() < end) {
      return Optional.empty();
    }
    received.position(received.position() + end);
    Fields fields = new Fields(message, FIXED + (int) fieldsLength);
    ByteBuffer body = message.slice(bodyStart, (int) bodyLength).order(message.order());
    return Optional.of(new BusMessage(message.get(1), fields.replyTo, fields.member, body));
  }

  /** The next argument, a text or an object's path. */
  String text() throws BusProblem {
    body.position((body.position() + 3) & ~3);
    return text(body);
  }

  /** The next argument, a number of 32 bits. */
  int number() {
    body.position((body.position() + 3) & ~3);
    return body.getInt();
  }

  private static String text(ByteBuffer from) throws BusProblem {
    int length = from.getInt();
    if (length < 0 || length >= from.remaining()) {
      throw new BusProblem("the bus sent a text that its message does not hold");
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    from.get();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The header's fields; each is a code and a variant of one of four types. */
  private static final class Fields {
    private int replyTo;
    private String member = "";

    private Fields(ByteBuffer message, int end) throws BusProblem {
      ByteBuffer at = message.duplicate().order(message.order());
      at.position(FIXED);
      at.limit(end);
      while (at.hasRemaining()) {
        int code = at.get();
        int type = type(at);
        if (type == 'u') {
          align(at);
          int number = at.getInt();
          replyTo = code == REPLY_SERIAL ? number : replyTo;
        } else if (type == 'g') {
          int length = at.get() & 0xff;
          at.position(at.position() + length + 1);
        } else if (type == 's' || type == 'o') {
          align(at);
          String text = text(at);
          member = code == MEMBER || code == ERROR_NAME ? text : member;
        } else {
          throw new BusProblem("the bus sent a header field of type " + (char) type);
        }
        at.position(Math.min(end, (at.position() + 7) & ~7));
      }
    }

    /** A signature of one type. */
    private static int type(ByteBuffer at) throws BusProblem {
      if (at.get() != 1) {
        throw new BusProblem("the bus sent a header field of several types");
      }
      int type = at.get();
      at.get();
      return type;
    }

    private static void align(ByteBuffer at) {
      at.position((at.position() + 3) & ~3);
    }
  }
}
