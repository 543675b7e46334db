package dev.fresco.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The channel on a server that ends the call by itself. */
class EventChannelTest {
  private final AtomicInteger closed = new AtomicInteger();

  @TempDir Path folder;

  /** Breaks off a call that is being ended already: ending it once more is refused. */
  private final class EndedTwice extends HttpServlet {
    final CompletableFuture<Boolean> survived = new CompletableFuture<>();

    @Override
    protected void doGet(HttpServletRequest call, HttpServletResponse answer) throws IOException {
      AsyncContext async = call.startAsync();
      EventChannel channel =
          EventChannel.open(
              async,
              new EventChannel.Feeder() {
                @Override
                public void drained() {}

                @Override
                public void closed() {
                  closed.incrementAndGet();
                }
              });
      async.complete();
      try {
        channel.onError(new IOException("the client has gone"));
        survived.complete(channel.isClosed());
      } catch (RuntimeException e) {
        survived.completeExceptionally(e);
      }
    }
  }

  @Test
  void theFeederHearsOfTheEndAlthoughTheServerRefusesToEndTheCall() throws Exception {
    EndedTwice servlet = new EndedTwice();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    Context context = tomcat.addContext("", folder.toString());
    Tomcat.addServlet(context, "stream", servlet).setAsyncSupported(true);
    context.addServletMappingDecoded("/", "stream");
    tomcat.getConnector();
    tomcat.start();
    try {
      URI address = URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/");
      HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding());
      assertThat(servlet.survived.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(closed).hasValue(1);
    } finally {
      tomcat.stop();
      tomcat.destroy();
    }
  }
}
