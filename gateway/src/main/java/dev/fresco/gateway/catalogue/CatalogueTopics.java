package dev.fresco.gateway.catalogue;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.contracts.template.Template;
import dev.fresco.gateway.flow.AdapterEventFlow;
import dev.fresco.gateway.flow.TemplateEventFlow;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;

/** What other services keep and requests may name. */
@Configuration(proxyBeanMethods = false)
class CatalogueTopics {

  @Bean
  FollowedTopic<Adapter> adapters(AdapterEventFlow flow, ConsumerFactory<?, ?> consumers) {
    return new FollowedTopic<>(Topics.ADAPTERS_EVENTS, flow::change, consumers);
  }

  @Bean
  FollowedTopic<Template> templates(TemplateEventFlow flow, ConsumerFactory<?, ?> consumers) {
    return new FollowedTopic<>(Topics.TEMPLATES_EVENTS, flow::change, consumers);
  }
}
