package org.eventstreaming.attachment;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A content as it came.
 *
 * @param size in bytes
 */
record Received(long size, String sha256, String md5) {
  private static final int BUFFER = 1 << 16;

  /**
   * Writes a content into a file, and no more of it than may be.
   *
   * @throws TooLarge after so many bytes and one more
   * @throws BrokeOff where no more comes
   * @throws IOException where it cannot be written
   */
  static Received into(Path file, InputStream content, long limit)
      throws IOException, TooLarge, BrokeOff {
    MessageDigest sha256 = digest("SHA-256");
    MessageDigest md5 = digest("MD5");
    long size = 0;
    try (OutputStream out = Files.newOutputStream(file)) {
      InputStream in = new DigestInputStream(new DigestInputStream(content, sha256), md5);
      byte[] buffer = new byte[BUFFER];
      for (int read = read(in, buffer); read >= 0; read = read(in, buffer)) {
        size += read;
        if (size > limit) {
          throw new TooLarge();
        }
        out.write(buffer, 0, read);
      }
    }
    return new Received(size, hex(sha256), hex(md5));
  }

  private static int read(InputStream in, byte[] buffer) throws BrokeOff {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new BrokeOff(e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The site stopped sending it. */
  static final class BrokeOff extends Exception {
    private static final long serialVersionUID = 1L;

    BrokeOff(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** It is larger than files that are copied may be. */
  static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
