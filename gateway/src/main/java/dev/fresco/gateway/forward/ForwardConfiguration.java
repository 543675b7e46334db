package dev.fresco.gateway.forward;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What passing calls on needs of the server. */
@Configuration(proxyBeanMethods = false)
class ForwardConfiguration {

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> breakingOff() {
    return server -> server.addContextValves(new BreakOffValve());
  }
}
