package dev.fresco.gateway.config;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the services stand that the gateway passes calls on to.
 *
 * @param cache templates
 * @param lora LoRAs and ControlNets
 * @param training training jobs
 * @param answerLimit how long one may take to begin its answer after the last part of an upload
 */
@ConfigurationProperties("fresco.services")
public record ServiceSettings(
    URI cache, URI lora, URI training, @DefaultValue("5m") Duration answerLimit) {}
