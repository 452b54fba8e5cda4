package org.postrider.auth.system;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;

/**
 * One question to PAM (Linux-PAM's {@code libpam.so.0}): may this user with this password use this
 * service? As Courier asks it: {@code pam_start}, {@code PAM_RHOST}, {@code pam_authenticate},
 * {@code pam_setcred}, {@code pam_acct_mgmt}, {@code pam_end}, and no session. What a module asks
 * with echo is answered with the name, without echo with the password.
 *
 * <p>PAM's own delay after a failure is switched off, as it would hold one of few places; whoever
 * guesses is slowed down elsewhere. Used on one thread, which has to be a platform thread.
 */
final class Pam {

  private static final int SUCCESS = 0;
  private static final int OPEN_ERROR = 1;
  private static final int SYMBOL_ERROR = 2;
  private static final int BUFFER_ERROR = 5;
  private static final int CONVERSATION_ERROR = 19;
  private static final int ABORT = 26;
  private static final int MODULE_UNKNOWN = 28;

  private static final int ITEM_RHOST = 4;
  private static final int ITEM_FAIL_DELAY = 10;
  private static final int ESTABLISH_CREDENTIALS = 2;

  private static final int PROMPT_ECHO_OFF = 1;
  private static final int PROMPT_ECHO_ON = 2;

  /** {@code PAM_MAX_NUM_MSG}. */
  private static final int MESSAGES_MAX = 32;

  private static final long RESPONSE_OCTETS = 16; // char *resp; int resp_retcode

  private static final StructLayout CONVERSATION = MemoryLayout.structLayout(ADDRESS, ADDRESS);
  private static final ValueLayout.OfInt STYLE = JAVA_INT; // the first field of pam_message

  private static final FunctionDescriptor CONVERSE =
      FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
  private static final FunctionDescriptor DELAY =
      FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, ADDRESS);

  /** The functions, found when PAM is first asked; null where the library is missing. */
  private static final class Functions {
    static final Functions LOADED = load();

    final MethodHandle start;
    final Optional<MethodHandle> startConfdir;
    final MethodHandle setItem;
    final MethodHandle authenticate;
    final MethodHandle setcred;
    final MethodHandle acctMgmt;
    final MethodHandle end;
    final MethodHandle strerror;
    final MethodHandle calloc;
    final MethodHandle free;

    private Functions(SymbolLookup pam) {
      FunctionDescriptor handleAndFlags = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT);
      start =
          function(
              pam,
              "pam_start",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
      startConfdir =
          pam.find("pam_start_confdir")
              .map(
                  symbol ->
                      Linker.nativeLinker()
                          .downcallHandle(
                              symbol,
                              FunctionDescriptor.of(
                                  JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS)));
      setItem =
          function(
              pam, "pam_set_item", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
      authenticate = function(pam, "pam_authenticate", handleAndFlags);
      setcred = function(pam, "pam_setcred", handleAndFlags);
      acctMgmt = function(pam, "pam_acct_mgmt", handleAndFlags);
      end = function(pam, "pam_end", handleAndFlags);
      strerror = function(pam, "pam_strerror", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
      SymbolLookup libc = Linker.nativeLinker().defaultLookup();
      calloc =
          function(
              libc,
              "calloc",
              FunctionDescriptor.of(ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
      free = function(libc, "free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    private static Functions load() {
      try {
        return new Functions(SymbolLookup.libraryLookup("libpam.so.0", Arena.global()));
      } catch (IllegalArgumentException | UnsupportedOperationException missing) {
        return null;
      }
    }

    private static MethodHandle function(
        SymbolLookup library, String name, FunctionDescriptor descriptor) {
      return Linker.nativeLinker()
          .downcallHandle(
              library
                  .find(name)
                  .orElseThrow(() -> new IllegalArgumentException("there is no " + name)),
              descriptor);
    }
  }

  /**
   * What PAM said.
   *
   * @param accepted whether the password is right and the account may be used
   * @param broken whether PAM could not ask anybody, because of its configuration
   * @param step the function that failed
   * @param reason in PAM's words; empty if accepted
   */
  record Answer(boolean accepted, boolean broken, String step, String reason) {

    private static final Answer ACCEPTED = new Answer(true, false, "", "");
  }

  private final Functions pam = Functions.LOADED;
  private final byte[] name;
  private final byte[] password;

  /**
   * What a module's prompts are answered with.
   *
   * @param password UTF-8 without NUL; not changed
   */
  private Pam(byte[] name, byte[] password) {
    this.name = name;
    this.password = password;
  }

  /** Whether there is a PAM here. */
  static boolean isThere() {
    return Functions.LOADED != null;
  }

  /** Whether configuration may be in another directory than {@code /etc/pam.d}: Linux-PAM 1.4. */
  static boolean knowsConfdir() {
    return isThere() && Functions.LOADED.startConfdir.isPresent();
  }

  /**
   * Asks.
   *
   * @param service names the file in {@code /etc/pam.d}
   * @param confdir another directory than that
   * @param name UTF-8 without NUL
   * @param password UTF-8 without NUL; not changed
   * @param client the client's address
   */
  static Answer ask(
      String service,
      Optional<String> confdir,
      byte[] name,
      byte[] password,
      Optional<String> client) {
    Pam question = new Pam(name, password);
    try (Arena arena = Arena.ofConfined()) {
      return question.ask(arena, service, confdir, client);
    } catch (RuntimeException | Error defect) {
      throw defect;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible); // a C function throws nothing
    }
  }

  private Answer ask(Arena arena, String service, Optional<String> confdir, Optional<String> client)
      throws Throwable {
    MethodHandle converse =
        MethodHandles.lookup()
            .bind(
                this,
                "converse",
                MethodType.methodType(
                    int.class,
                    int.class,
                    MemorySegment.class,
                    MemorySegment.class,
                    MemorySegment.class));
    MethodHandle noDelay =
        MethodHandles.empty(
            MethodType.methodType(void.class, int.class, int.class, MemorySegment.class));
    MemorySegment conversation = arena.allocate(CONVERSATION);
    conversation.set(ADDRESS, 0, Linker.nativeLinker().upcallStub(converse, CONVERSE, arena));
    MemorySegment user = arena.allocate(name.length + 1L);
    MemorySegment.copy(name, 0, user, JAVA_BYTE, 0, name.length);
    MemorySegment place = arena.allocate(ADDRESS);
    MemorySegment file = arena.allocateFrom(service);
    int started =
        confdir.isEmpty()
            ? (int) pam.start.invokeExact(file, user, conversation, place)
            : (int)
                pam.startConfdir
                    .orElseThrow()
                    .invokeExact(
                        file, user, conversation, arena.allocateFrom(confdir.get()), place);
    MemorySegment handle = place.get(ADDRESS, 0);
    if (started != SUCCESS) {
      return new Answer(false, true, "pam_start", reason(handle, started));
    }
    int last = ABORT;
    try {
      if (client.isPresent()) {
        last = (int) pam.setItem.invokeExact(handle, ITEM_RHOST, arena.allocateFrom(client.get()));
        if (last != SUCCESS) {
          return failed(handle, "pam_set_item", last);
        }
      }
      // Solaris' and older libraries have no such item, and then keep their delay.
      int unused =
          (int)
              pam.setItem.invokeExact(
                  handle, ITEM_FAIL_DELAY, Linker.nativeLinker().upcallStub(noDelay, DELAY, arena));
      last = (int) pam.authenticate.invokeExact(handle, 0);
      if (last != SUCCESS) {
        return failed(handle, "pam_authenticate", last);
      }
      last = (int) pam.setcred.invokeExact(handle, ESTABLISH_CREDENTIALS);
      if (last != SUCCESS) {
        return failed(handle, "pam_setcred", last);
      }
      last = (int) pam.acctMgmt.invokeExact(handle, 0);
      return last == SUCCESS ? Answer.ACCEPTED : failed(handle, "pam_acct_mgmt", last);
    } finally {
      int unused = (int) pam.end.invokeExact(handle, last);
    }
  }

  private Answer failed(MemorySegment handle, String step, int error) throws Throwable {
    boolean broken =
        switch (error) {
          case OPEN_ERROR, SYMBOL_ERROR, BUFFER_ERROR, ABORT, MODULE_UNKNOWN -> true;
          default -> false;
        };
    return new Answer(false, broken, step, reason(handle, error));
  }

  private String reason(MemorySegment handle, int error) throws Throwable {
    MemorySegment text = (MemorySegment) pam.strerror.invokeExact(handle, error);
    return text.equals(MemorySegment.NULL)
        ? "error " + error
        : text.reinterpret(1024).getString(0) + " (" + error + ")";
  }

  /**
   * PAM's conversation function, called from C, on the thread that asks: an exception that left it
   * would end the process.
   *
   * @param messages array of pointers to {@code struct pam_message}
   * @param responses where a pointer to an array of {@code struct pam_response} goes, which PAM
   *     frees
   */
  @SuppressWarnings("unused") // by its name, above
  private int converse(
      int count, MemorySegment messages, MemorySegment responses, MemorySegment unusedData) {
    if (count < 1 || count > MESSAGES_MAX) {
      return CONVERSATION_ERROR;
    }
    try {
      MemorySegment pointers = messages.reinterpret(count * ADDRESS.byteSize());
      MemorySegment array = allocated(count, RESPONSE_OCTETS);
      if (array.equals(MemorySegment.NULL)) {
        return BUFFER_ERROR;
      }
      for (int i = 0; i < count; i++) {
        int style = pointers.getAtIndex(ADDRESS, i).reinterpret(STYLE.byteSize()).get(STYLE, 0);
        byte[] answer =
            switch (style) {
              case PROMPT_ECHO_OFF -> password;
              case PROMPT_ECHO_ON -> name;
              default -> null; // information and errors are for nobody
            };
        if (answer != null) {
          MemorySegment text = allocated(1, answer.length + 1L);
          if (text.equals(MemorySegment.NULL)) {
            forget(array, i);
            return BUFFER_ERROR;
          }
          MemorySegment.copy(answer, 0, text, JAVA_BYTE, 0, answer.length);
          array.set(ADDRESS, i * RESPONSE_OCTETS, text);
        }
      }
      responses.reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, array);
      return SUCCESS;
    } catch (Throwable mayNotLeave) {
      return CONVERSATION_ERROR;
    }
  }

  private MemorySegment allocated(long count, long octets) throws Throwable {
    MemorySegment memory = (MemorySegment) pam.calloc.invokeExact(count, octets);
    return memory.equals(MemorySegment.NULL) ? memory : memory.reinterpret(count * octets);
  }

  /** Frees what PAM will not be given. */
  private void forget(MemorySegment array, int count) throws Throwable {
    for (int i = 0; i < count; i++) {
      pam.free.invokeExact(array.get(ADDRESS, i * RESPONSE_OCTETS));
    }
    pam.free.invokeExact(array);
  }
}
