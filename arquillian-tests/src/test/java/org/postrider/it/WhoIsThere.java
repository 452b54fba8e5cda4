package org.postrider.it;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Somebody else's application: says who signed in to it. */
@WebServlet({"/who", "/staff/who"})
public class WhoIsThere extends HttpServlet {

  private static final long serialVersionUID = 1L;

  /** For the container. */
  public WhoIsThere() {}

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain");
    response
        .getWriter()
        .println(request.getUserPrincipal().getName() + " staff=" + request.isUserInRole("staff"));
  }
}
