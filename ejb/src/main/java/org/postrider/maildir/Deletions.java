package org.postrider.maildir;

/** Is told of the message files that go, one by one, after they went. */
public interface Deletions {

  /** Tells nobody. */
  Deletions UNSEEN =
      new Deletions() {
        @Override
        public void removed(String name) {
          // nobody wants to know
        }

        @Override
        public void moved(String name, String newName) {
          // nobody wants to know
        }
      };

  /**
   * @param name of the file in {@code cur}, in octets
   */
  void removed(String name);

  /**
   * @param name of the file in {@code cur}, in octets
   * @param newName in {@code cur} of Trash
   */
  void moved(String name, String newName);
}
