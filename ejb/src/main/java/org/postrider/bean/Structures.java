package org.postrider.bean;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.postrider.maildir.StoredMessage;
import org.postrider.message.MessageParser;
import org.postrider.message.Part;
import org.postrider.message.Structure;

/**
 * Parsed messages, so that a client that fetches a large one part by part does not have it parsed
 * each time. Bounded by parts. A message never changes, so that what was parsed once holds for as
 * long as its file's name does.
 *
 * <p>Safe for threads.
 */
public final class Structures {

  private static final int MOST_PARTS = 60_000;

  private record Key(Path folder, String base) {}

  private final Cache<Key, Structure> parsed =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumWeight(MOST_PARTS)
          .weigher((Key key, Structure structure) -> parts(structure.message()))
          .build();

  /** The structure of a message whose file is open. */
  Structure of(Path folder, StoredMessage message, FileChannel file) throws IOException {
    Key key = new Key(folder, message.base());
    Structure known = parsed.getIfPresent(key);
    if (known == null) {
      known = MessageParser.parse(file);
      parsed.put(key, known);
    }
    return known;
  }

  /** The structure of a message, if it was parsed lately; else null. */
  Structure known(Path folder, StoredMessage message) {
    return parsed.getIfPresent(new Key(folder, message.base()));
  }

  private static int parts(Part part) {
    int parts = 1;
    for (Part inner : part.parts()) {
      parts += parts(inner);
    }
    return parts;
  }
}
