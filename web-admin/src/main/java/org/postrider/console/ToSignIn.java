package org.postrider.console;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Where the container forwards to when a page needs a sign-in. It sends the browser on, so that the
 * sign-in page is a request of its own: inside a forward by the container Weld does not clean up.
 */
@WebServlet("/to-sign-in")
public class ToSignIn extends HttpServlet {

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.sendRedirect(request.getContextPath() + "/sign-in");
  }
}
