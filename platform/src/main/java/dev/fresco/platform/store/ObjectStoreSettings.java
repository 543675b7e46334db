package dev.fresco.platform.store;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param directory where the object store lies; all services must see the same one
 */
@ConfigurationProperties("fresco.objects")
public record ObjectStoreSettings(@DefaultValue(".fresco/objects") Path directory) {}
