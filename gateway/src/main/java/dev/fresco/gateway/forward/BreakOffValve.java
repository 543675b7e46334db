package dev.fresco.gateway.forward;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Breaks the connection of a call whose answer stopped in its middle. An exception would not do:
 * the server would add an error page to the part that has gone out, which might make up for its
 * missing length.
 */
final class BreakOffValve extends ValveBase {
  private static final String BROKEN = BreakOffValve.class.getName();

  BreakOffValve() {
    super(true);
  }

  /** Has the connection broken once the call is through. */
  static void breakOff(ServletRequest call) {
    call.setAttribute(BROKEN, true);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    getNext().invoke(request, response);
    if (request.getAttribute(BROKEN) != null) {
      response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
    }
  }
}
