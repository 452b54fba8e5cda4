package org.postrider.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * What holds in the source of each page: nothing inline, no bare text, no word that is not there.
 */
class PagesTest {

  private static final Pattern EXPRESSION = Pattern.compile("#\\{[^}]*\\}");
  private static final Pattern WORD =
      Pattern.compile("words\\['([^']+)'\\]|say\\.(?:text|with)\\('([^']+)'[,)]");

  @Test
  void aPageHasNoInlineStyleScriptOrHandler() throws Exception {
    for (Path page : Pages.ending(".xhtml")) {
      inspect(page, parse(page));
    }
  }

  private static void inspect(Path page, Node node) {
    if (node instanceof Element element) {
      assertThat(element.getLocalName()).as("element in %s", page).isNotEqualTo("style");
      if (element.getLocalName().equals("script")) {
        assertThat(element.getAttribute("src")).as("script in %s", page).contains("/static/");
      }
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        Attr attribute = (Attr) element.getAttributes().item(i);
        assertThat(attribute.getLocalName())
            .as("attribute in %s", page)
            .isNotEqualTo("style")
            .doesNotMatch("on[a-z]+");
      }
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      inspect(page, child);
    }
  }

  @Test
  void allTextIsInTheMessageBundles() throws Exception {
    for (Path page : Pages.ending(".xhtml")) {
      collectText(page, parse(page));
    }
  }

  private static void collectText(Path page, Node node) {
    if (node.getNodeType() == Node.TEXT_NODE && !node.getTextContent().equals("etc/userdb")) {
      String bare = EXPRESSION.matcher(node.getTextContent()).replaceAll("");
      assertThat(bare).as("text in %s", page).doesNotContainPattern("\\p{L}");
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      collectText(page, child);
    }
  }

  @Test
  void everyWordOfAPageIsInTheMessageBundles() throws Exception {
    Properties words = Pages.words("words.properties");
    TreeSet<String> missing = new TreeSet<>();
    for (Path page : Pages.ending(".xhtml")) {
      Matcher uses = WORD.matcher(Files.readString(page));
      while (uses.find()) {
        String key = uses.group(1) == null ? uses.group(2) : uses.group(1);
        if (!key.endsWith(".") && !words.containsKey(key)) {
          missing.add(key + " in " + page);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void coloursAreNamedInTheTokensAlone() throws IOException {
    String sheet = Files.readString(Pages.WEBAPP.resolve("static/console.css"));
    assertThat(sheet).doesNotContainPattern("#[0-9A-Fa-f]{3,8}\\b|\\brgba?\\(|\\bhsla?\\(");
  }

  @Test
  void nothingIsLoadedFromAnotherHost() throws IOException {
    for (String end : new String[] {".css", ".js", ".xhtml"}) {
      for (Path file : Pages.ending(end)) {
        assertThat(Files.readString(file).replace("http://www.w3.org/", ""))
            .as("%s", file)
            .doesNotContainPattern("https?://|url\\(");
      }
    }
  }

  private static Node parse(Path page) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    DocumentBuilder builder = factory.newDocumentBuilder();
    return builder.parse(page.toFile()).getDocumentElement();
  }
}
