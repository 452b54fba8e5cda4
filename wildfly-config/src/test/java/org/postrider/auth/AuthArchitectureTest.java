package org.postrider.auth;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The package is a module of the application server of its own, which sees little. */
@AnalyzeClasses(packages = "org.postrider.auth", importOptions = DoNotIncludeTests.class)
class AuthArchitectureTest {

  @ArchTest
  static final ArchRule STANDS_ALONE =
      classes()
          .that()
          .resideInAPackage("org.postrider.auth")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.postrider.auth",
              "java..",
              "javax.crypto..",
              "javax.security.auth..",
              "org.apache.commons.codec..",
              "org.bouncycastle..",
              "org.ietf.jgss..");

  @ArchTest
  static final ArchRule OTHER_ACCOUNTS_STAND_ON_SIGN_IN_ALONE =
      classes()
          .that()
          .resideInAnyPackage("org.postrider.auth.system", "org.postrider.auth.vpopmail")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.postrider.auth",
              "org.postrider.auth.system",
              "org.postrider.auth.vpopmail",
              "java..",
              "javax.security.auth.login..");

  @ArchTest
  static final ArchRule DATABASES_STAND_ON_SIGN_IN_ALONE =
      classes()
          .that()
          .resideInAPackage("org.postrider.auth.sql")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.postrider.auth",
              "org.postrider.auth.sql",
              "java..",
              "javax.naming..",
              "javax.sql..",
              "javax.security.auth.login..");

  @ArchTest
  static final ArchRule TOKENS_KNOW_NO_MECHANISM =
      classes()
          .that()
          .resideInAPackage("org.postrider.auth.oauth")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.postrider.auth", "org.postrider.auth.oauth", "java..");

  @ArchTest
  static final ArchRule MECHANISMS_KNOW_THE_CHAIN_AND_TLS =
      classes()
          .that()
          .resideInAPackage("org.postrider.auth.sasl")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.postrider.auth",
              "org.postrider.auth.oauth",
              "org.postrider.auth.sasl",
              "java..",
              "javax.crypto..",
              "javax.naming..",
              "javax.net.ssl..",
              "javax.security.auth..",
              "org.bouncycastle..",
              "org.ietf.jgss..");

  @ArchTest
  static final ArchRule LDAP_STANDS_ON_SIGN_IN_ALONE =
      classes()
          .that()
          .resideInAPackage("org.postrider.auth.ldap")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.postrider.auth",
              "org.postrider.auth.ldap",
              "java..",
              "javax.net..",
              "javax.security.auth..",
              "org.bouncycastle..",
              "com.unboundid..");
}
