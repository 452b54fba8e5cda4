package org.postrider.bean;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.file.Path;
import org.postrider.search.FolderHeaders;

/**
 * The headers of the folders that were sorted or threaded lately, so that doing it again reads no
 * file. Bounded by the heap they take.
 *
 * <p>Safe for threads.
 */
public final class HeaderTables {

  /** Of the heap, one part in so many. */
  private static final int SHARE = 8;

  private static final int UNIT = 1024;

  private final Cache<Path, FolderHeaders> folders =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumWeight(Runtime.getRuntime().maxMemory() / SHARE / UNIT)
          .weigher(
              (Path folder, FolderHeaders headers) ->
                  (int) Math.min(Integer.MAX_VALUE, 1 + headers.octets() / UNIT))
          .build();

  /** What is known of a folder's headers. */
  FolderHeaders of(Path folder, long uidValidity) {
    return folders
        .asMap()
        .compute(
            folder,
            (path, known) ->
                known == null || known.uidValidity() != uidValidity
                    ? new FolderHeaders(uidValidity)
                    : known);
  }

  /** They take more now: others may have to go. */
  void grown(Path folder, FolderHeaders headers) {
    folders.put(folder, headers);
  }
}
