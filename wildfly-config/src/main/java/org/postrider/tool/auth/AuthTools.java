package org.postrider.tool.auth;

import java.util.List;
import org.postrider.tool.command.Tool;

/** Courier's commands for accounts and passwords. */
public final class AuthTools {

  /** In the order of the manual. */
  public static final List<String> NAMES =
      List.of(
          "userdb",
          "makeuserdb",
          "userdbpw",
          "pw2userdb",
          "vchkpw2userdb",
          "authtest",
          "authenumerate",
          "authpasswd",
          "authinfo",
          "courierauthconfig");

  private AuthTools() {}

  /** Only the one that is called is loaded. */
  public static Tool tool(String name) {
    return switch (name) {
      case "userdb" -> new UserdbTool();
      case "makeuserdb" -> new MakeUserdbTool();
      case "userdbpw" -> new UserdbPwTool();
      case "pw2userdb" -> new Pw2UserdbTool();
      case "vchkpw2userdb" -> new Vchkpw2UserdbTool();
      case "authtest" -> new AuthTestTool();
      case "authenumerate" -> new AuthEnumerateTool();
      case "authpasswd" -> new AuthPasswdTool();
      case "authinfo" -> new AuthInfoTool();
      case "courierauthconfig" -> new CourierAuthConfigTool();
      default -> throw new IllegalArgumentException("There is no tool " + name);
    };
  }
}
