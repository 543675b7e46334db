package dev.fresco.gateway.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What one caller may ask for. Each limit is named in the error that it causes.
 *
 * @param maxPromptCharacters of the prompt and of the negative prompt
 * @param maxSteps denoising steps; a model's own maximum holds as well
 * @param maxCount pictures of one job
 * @param maxLabels labels of one job
 * @param maxLabelCharacters of a label's value; its key may have 64
 * @param maxBody of a job request
 * @param maxStreams event streams open at once
 * @param maxPage jobs in one answer of the list
 */
@ConfigurationProperties("fresco.limits")
public record LimitSettings(
    @DefaultValue("4000") int maxPromptCharacters,
    @DefaultValue("150") int maxSteps,
    @DefaultValue("4") int maxCount,
    @DefaultValue("16") int maxLabels,
    @DefaultValue("256") int maxLabelCharacters,
    @DefaultValue("2MB") DataSize maxBody,
    @DefaultValue("1000") int maxStreams,
    @DefaultValue("100") int maxPage) {}
