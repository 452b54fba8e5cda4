package org.postrider.auth.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClauseTest {

  private static final Map<String, String> ANN =
      Map.of("local_part", "ann'; --", "domain", "example.com", "service", "imap");

  private static List<String> values(Clause clause) {
    return clause.parameters().stream().map(parameter -> parameter.value(ANN)).toList();
  }

  @Test
  void placeholderInQuotesBecomesAParameter() throws Exception {
    Clause clause =
        Clause.parse(
            "K",
            "SELECT CONCAT(user,'@',domain), '' FROM users WHERE user='$(local_part)' AND"
                + " domain=\"$(domain)\"",
            Dialect.MYSQL);
    assertThat(clause.sql())
        .isEqualTo("SELECT CONCAT(user,'@',domain), '' FROM users WHERE user=? AND domain=?");
    assertThat(values(clause)).containsExactly("ann'; --", "example.com");
  }

  @Test
  void placeholderWithoutQuotesStandsForAText() throws Exception {
    Clause clause = Clause.parse("K", "SELECT f($(local_part), $(service));", Dialect.PGSQL);
    assertThat(clause.sql()).isEqualTo("SELECT f(?, ?)");
    assertThat(values(clause)).containsExactly("ann'; --", "imap");
  }

  @Test
  void textAroundPlaceholdersIsPartOfTheParameter() throws Exception {
    Clause clause =
        Clause.parse("K", "a = '<$(local_part)@$(domain)> it''s' AND b = 'x'", Dialect.PGSQL);
    assertThat(clause.sql()).isEqualTo("a = ? AND b = 'x'");
    assertThat(values(clause)).containsExactly("<ann'; --@example.com> it's");
  }

  @Test
  void backslashEscapesInMysqlOnly() throws Exception {
    assertThat(Clause.parse("K", "'it\\'s $(domain)'", Dialect.MYSQL).parameters()).hasSize(1);
    assertThat(Clause.parse("K", "'C:\\' || '$(domain)'", Dialect.PGSQL).sql())
        .isEqualTo("'C:\\' || ?");
  }

  @Test
  void doubleQuotesAreANameInPostgresql() throws Exception {
    assertThat(Clause.parse("K", "\"user\" = '$(domain)'", Dialect.PGSQL).sql())
        .isEqualTo("\"user\" = ?");
    assertThatThrownBy(() -> Clause.parse("K", "\"$(domain)\" = 1", Dialect.PGSQL))
        .isInstanceOf(IOException.class)
        .hasMessage("K has a placeholder in a quoted name");
  }

  @Test
  void questionMarkIsAnOperatorInPostgresqlOnly() throws Exception {
    assertThat(Clause.parse("K", "tags ? '$(domain)' AND a = '?'", Dialect.PGSQL).sql())
        .isEqualTo("tags ?? ? AND a = '?'");
    assertThatThrownBy(() -> Clause.parse("K", "a = ?", Dialect.MYSQL))
        .hasMessageStartingWith("K has a ? in it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "SELECT 1; DROP TABLE users | more than one statement",
        "SELECT 'a | quote that does not end",
        "SELECT '$(user)' | a placeholder that is none of $(domain), $(local_part)",
        "SELECT '$(domain | a placeholder that is none of",
        "a = 1 -- AND b = '$(domain)' | a comment",
        "a = 1 /* ' */ | a comment",
      })
  void whatIsNoSingleClauseIsRefused(String text, String reason) {
    assertThatThrownBy(() -> Clause.parse("MYSQL_SELECT_CLAUSE", text, Dialect.MYSQL))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("MYSQL_SELECT_CLAUSE has ")
        .hasMessageContaining(reason);
  }

  @FuzzTest
  void anyTextIsReadOrRefused(FuzzedDataProvider data) {
    Dialect dialect = data.pickValue(Dialect.values());
    String text = data.consumeRemainingAsString();
    try {
      Clause clause = Clause.parse("K", text, dialect);
      assertThat(values(clause)).hasSameSizeAs(clause.parameters());
    } catch (IOException refused) {
      assertThat(refused).hasMessageStartingWith("K ");
    }
  }
}
