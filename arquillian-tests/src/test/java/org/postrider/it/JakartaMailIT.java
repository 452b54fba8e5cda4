package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.search.AndTerm;
import jakarta.mail.search.BodyTerm;
import jakarta.mail.search.FlagTerm;
import jakarta.mail.search.SubjectTerm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java client, as applications use it. */
@ExtendWith(SharedServer.class)
class JakartaMailIT {

  private final PostriderServer server;

  JakartaMailIT(PostriderServer server) {
    this.server = server;
  }

  private Store store(String protocol, String account, String password)
      throws IOException, MessagingException {
    Properties settings = new Properties();
    String prefix = "mail." + protocol + ".";
    settings.put(prefix + "host", "127.0.0.1");
    int port = protocol.equals("imaps") ? server.imaps().getPort() : server.imap().getPort();
    settings.put(prefix + "port", Integer.toString(port));
    settings.put(prefix + "ssl.socketFactory", server.tlsSockets());
    settings.put(prefix + "ssl.checkserveridentity", "true");
    settings.put(prefix + "starttls.required", "true");
    settings.put(prefix + "timeout", "30000");
    Store store = Session.getInstance(settings).getStore(protocol);
    store.connect(account, password);
    return store;
  }

  private static MimeMessage message(String subject, String text) throws MessagingException {
    MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
    message.setFrom("someone@example.org");
    message.setSubject(subject, UTF_8.name());
    message.setSentDate(new Date(1_700_000_000_000L));
    MimeBodyPart body = new MimeBodyPart();
    body.setText(text, UTF_8.name());
    MimeBodyPart attachment = new MimeBodyPart();
    attachment.setContent(new byte[5_000], "application/octet-stream");
    attachment.setFileName("Übersicht.bin");
    message.setContent(new MimeMultipart(body, attachment));
    message.saveChanges();
    return message;
  }

  private static String octets(Message message) throws IOException, MessagingException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.writeTo(out);
    return out.toString(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"imaps", "imap"})
  void messagesAreStoredReadMarkedFoundAndRemoved(String protocol) throws Exception {
    try (Store store = store(protocol, server.newAccount(), PostriderServer.PASSWORD)) {
      Folder inbox = store.getFolder("INBOX");
      MimeMessage greetings = message("Grüße", "Straße und Maß");
      inbox.appendMessages(new Message[] {greetings, message("Other", "nothing")});
      inbox.open(Folder.READ_WRITE);
      assertThat(inbox.getMessageCount()).isEqualTo(2);
      FetchProfile profile = new FetchProfile();
      profile.add(FetchProfile.Item.ENVELOPE);
      profile.add(FetchProfile.Item.CONTENT_INFO);
      profile.add(FetchProfile.Item.FLAGS);
      profile.add(UIDFolder.FetchProfileItem.UID);
      inbox.fetch(inbox.getMessages(), profile);

      Message first = inbox.getMessage(1);
      assertThat(first.getSubject()).isEqualTo("Grüße");
      assertThat(first.getSentDate()).isEqualTo(greetings.getSentDate());
      Multipart parts = (Multipart) first.getContent();
      assertThat(parts.getCount()).isEqualTo(2);
      assertThat(parts.getBodyPart(0).getContent()).isEqualTo("Straße und Maß");
      assertThat(parts.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(new byte[5_000]);
      assertThat(octets(first)).isEqualTo(octets(greetings));
      assertThat(first.isSet(Flags.Flag.SEEN)).isTrue();

      assertThat(inbox.search(new SubjectTerm("gr"))).containsExactly(first);
      assertThat(inbox.search(new SubjectTerm("RÜßE"))).containsExactly(first);
      assertThat(inbox.search(new BodyTerm("UND MA"))).containsExactly(first);
      Flags flags = new Flags(Flags.Flag.FLAGGED);
      flags.add("Projekt1");
      inbox.setFlags(1, 1, flags, true);
      assertThat(inbox.search(new AndTerm(new FlagTerm(flags, true), new SubjectTerm("Gr"))))
          .containsExactly(first);
      inbox.setFlags(2, 2, new Flags(Flags.Flag.DELETED), true);
      assertThat(inbox.expunge()).hasSize(1);
      assertThat(inbox.getMessageCount()).isEqualTo(1);
    }
  }

  @Test
  void foldersAreMadeFilledRenamedAndRemoved() throws Exception {
    String account = server.newAccount();
    try (Store store = store("imaps", account, PostriderServer.PASSWORD)) {
      assertThat(((IMAPStore) store).hasCapability("UIDPLUS")).isTrue();
      Folder inbox = store.getFolder("INBOX");
      assertThat(store.getPersonalNamespaces()[0].getFullName()).startsWith("INBOX");
      Folder work = store.getFolder("INBOX.Ärger & Co");
      assertThat(work.create(Folder.HOLDS_MESSAGES | Folder.HOLDS_FOLDERS)).isTrue();
      assertThat(work.getFolder("Alt").create(Folder.HOLDS_MESSAGES)).isTrue();
      work.setSubscribed(true);
      assertThat(store.getDefaultFolder().listSubscribed("*"))
          .extracting(Folder::getFullName)
          .contains("INBOX.Ärger & Co");

      inbox.appendMessages(new Message[] {message("One", "1"), message("Two", "2")});
      inbox.open(Folder.READ_WRITE);
      ((IMAPFolder) inbox).moveUIDMessages(inbox.getMessages(1, 1), work);
      inbox.copyMessages(inbox.getMessages(2, 2), work);
      assertThat(work.getMessageCount()).isEqualTo(2);
      inbox.close(false);
      assertThat(inbox.getMessageCount()).isEqualTo(1);

      Folder renamed = store.getFolder("INBOX.Freude");
      assertThat(work.renameTo(renamed)).isTrue();
      assertThat(store.getFolder("INBOX").list("*"))
          .extracting(Folder::getFullName)
          .containsExactlyInAnyOrder("INBOX.Freude", "INBOX.Freude.Alt");
      assertThat(renamed.delete(true)).isTrue();
      assertThat(renamed.exists()).isFalse();
    }
  }

  @Test
  void waitingClientHearsOfNewMail() throws Exception {
    String account = server.newAccount();
    try (Store store = store("imaps", account, PostriderServer.PASSWORD);
        Store other = store("imap", account, PostriderServer.PASSWORD)) {
      IMAPFolder inbox = (IMAPFolder) store.getFolder("INBOX");
      inbox.open(Folder.READ_ONLY);
      CompletableFuture<List<Message>> arrived = new CompletableFuture<>();
      inbox.addMessageCountListener(
          new MessageCountAdapter() {
            @Override
            public void messagesAdded(MessageCountEvent event) {
              arrived.complete(List.of(event.getMessages()));
            }
          });
      Thread waiting =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      inbox.idle(true);
                    } catch (MessagingException e) {
                      arrived.completeExceptionally(e);
                    }
                  });
      Awaitility.await().until(() -> server.log().contains("user=" + account));
      other.getFolder("INBOX").appendMessages(new Message[] {message("News", "now")});
      assertThat(arrived.get(20, TimeUnit.SECONDS)).hasSize(1);
      assertThat(waiting.join(Duration.ofSeconds(20))).isTrue();
      assertThat(inbox.getMessage(1).getSubject()).isEqualTo("News");
    }
  }

  @Test
  void wrongPasswordIsToldAsSuch() throws Exception {
    String account = server.newAccount();
    assertThatThrownBy(() -> store("imaps", account, "wrong"))
        .isInstanceOf(AuthenticationFailedException.class)
        .hasMessageContaining("name or the password is wrong");
  }
}
