package dev.fresco.engine.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulerConfigTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ddim|'thresholding': true|thresholding is true; is not supported",
        "euler|'use_beta_sigmas': true|use_beta_sigmas is true",
        "euler-karras|'use_exponential_sigmas': true|use_exponential_sigmas is true",
        "euler|'interpolation_type': 'log_linear'|interpolation_type is \"log_linear\"",
        "euler|'timestep_type': 'continuous'|timestep_type is \"continuous\"",
        "euler|'final_sigmas_type': 'one'|must be one of zero, sigma_min",
        "euler-karras|'sigma_min': 0|sigma_min is 0",
        "dpmpp-2m|'algorithm_type': 'sde-dpmsolver'|only dpmsolver++ or sde-dpmsolver++",
        "dpmpp-2m-sde|'algorithm_type': 'dpmsolver'|algorithm_type is \"dpmsolver\"",
        "dpmpp-2m-sde|'solver_order': 3|solver_order is 3; is not supported; only 2",
        "unipc|'solver_order': 3|solver_order is 3; is not supported; only 2",
        "unipc|'predict_x0': false|predict_x0 is false",
        "unipc|'thresholding': true|thresholding is true",
        "unipc|'use_flow_sigmas': true|use_flow_sigmas is true",
        "unipc|'use_dynamic_shifting': true|use_dynamic_shifting is true",
        "unipc|'use_beta_sigmas': true|use_beta_sigmas is true",
        "unipc|'solver_type': 'other'|must be one of bh1, bh2",
        "unipc|'solver_p': {}|solver_p is {}; is not supported; leave",
        "unipc|'lower_order_final': false|lower_order_final is false; the last step",
        "unipc|'disable_corrector': 1|must be a list of whole numbers",
        "unipc|'disable_corrector': [1.5]|must be a list of whole numbers",
        "euler-ancestral|'prediction_type': 'flow_prediction'|must be one of epsilon, v_predic",
        "lcm|'thresholding': true|thresholding is true",
        "lcm|'original_inference_steps': 1001|must be between 1 and 1000",
        "lcm|'timestep_scaling': 0|timestep_scaling is 0; must be above 0",
        "lcm|'clip_sample': true, 'clip_sample_range': -1|clip_sample_range is -1",
        "dpmpp-2m|'algorithm_type': 'dpmsolver'|only dpmsolver++",
        "dpmpp-2m|'solver_order': 3|solver_order is 3; is not supported; only 2",
        "dpmpp-2m|'solver_order': 1|solver_order is 1",
        "dpmpp-2m|'solver_type': 'other'|must be one of midpoint, heun",
        "dpmpp-2m|'thresholding': true|thresholding is true",
        "dpmpp-2m|'use_lu_lambdas': true|use_lu_lambdas is true",
        "dpmpp-2m|'use_flow_sigmas': true|use_flow_sigmas is true",
        "dpmpp-2m|'variance_type': 'learned'|variance_type is \"learned\"; is not supported; leave",
        "dpmpp-2m|'lambda_min_clipped': 100|leaves no timesteps",
        "ddim|'prediction_type': 'flow_prediction'|must be one of epsilon, v_prediction, sample",
        "ddim|'beta_schedule': 'sigmoid'|one of linear, scaled_linear, squaredcos_cap_v2",
        "ddim|'timestep_spacing': 'odd'|must be one of linspace, leading, trailing",
        "ddim|'num_train_timesteps': 1|must be between 2 and 1000000",
        "ddim|'num_train_timesteps': 10.5|must be a whole number",
        "ddim|'beta_start': 'x'|must be a number",
        "ddim|'beta_end': 1|beta_end is 1; must be above 0 and below 1",
        "ddim|'clip_sample': 1|must be true or false",
        "ddim|'clip_sample_range': 0|must be above 0",
        "ddim|'steps_offset': -1|must be between 0 and 1000",
        "ddim|'prediction_type': 3|must be a text",
        "ddim|'trained_betas': 'x'|must be a list of numbers",
        "ddim|'trained_betas': [0.1]|trained_betas has 1 values; num_train_timesteps is 1000",
        "ddim|'num_train_timesteps': 2, 'trained_betas': [0.1, 1]|trained_betas[1] is 1.0",
        "ddim|'_class_name': 'FlowMatchEulerDiscreteScheduler'|flow-matching sampler, not ddim",
        "unipc|'_class_name': 'FlowMatchEulerDiscreteScheduler'|flow-matching sampler, not unipc",
        "flow-euler|'_class_name': 'DDIMScheduler'|\"DDIMScheduler\"; flow-euler needs a flow-",
        "flow-euler|'shift': 3.0|_class_name is null; flow-euler needs a flow-matching model",
        "flow-euler|'_class_name': 'FlowMatchEulerDiscreteScheduler', 'invert_sigmas': true|invert_sigmas is true",
        "flow-euler|'_class_name': 'FlowMatchEulerDiscreteScheduler', 'use_beta_sigmas': true|use_beta_sigmas is true",
        "flow-euler|'_class_name': 'FlowMatchEulerDiscreteScheduler', 'use_exponential_sigmas': true|use_exponential",
        "flow-euler|'_class_name': 'FlowMatchEulerDiscreteScheduler', 'shift': 0|shift is 0; must be above 0",
        "flow-euler|'_class_name': 'FlowMatchEulerDiscreteScheduler', 'shift_terminal': 1|shift_terminal is 1; must be",
        "flow-euler|'_class_name': 'FlowMatchEulerDiscreteScheduler', 'use_dynamic_shifting': true, 'time_shift_type': 'odd'|must be one of exponential, linear",
        "flow-euler|'_class_name': 'FlowMatchEulerDiscreteScheduler', 'use_dynamic_shifting': true, 'max_image_seq_len': 256|must differ"
      })
  void refusesWithKeyAndValue(String sampler, String keys, String reason) {
    assertThatThrownBy(() -> schedule(sampler, keys, 4))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("the-file")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ddim|'steps_offset': 0|0|steps is 0; the model's noise schedule allows 1 to 1000",
        "euler|'num_train_timesteps': 50|51|steps is 51",
        "ddim|'steps_offset': 1|1000|would be at timestep 1000.0 of 0 to 999",
        "euler|'steps_offset': 1, 'timestep_spacing': 'leading'|1000|at timestep 1000.0",
        "dpmpp-2m|'timestep_spacing': 'linspace'|1000|would both start at sigma",
        "euler-karras|'sigma_min': 3, 'sigma_max': 2|4|would both start at sigma",
        "ddim|'rescale_betas_zero_snr': true, 'timestep_spacing': 'trailing'|4|prediction_type",
        "lcm|'rescale_betas_zero_snr': true|4|prediction_type",
        "lcm|'steps_offset': 0|51|steps is 51; a latent consistency model allows 1 to 50",
        "flow-euler|'_class_name': 'FlowMatchEulerDiscreteScheduler'|1001|steps is 1001; the model allows 1 to 1000",
        "flow-euler|'_class_name': 'FlowMatchEulerDiscreteScheduler', 'use_dynamic_shifting': true|4|imageTokens is 0; this model's sampler shifts",
        "flow-euler|'_class_name': 'FlowMatchEulerDiscreteScheduler', 'shift_terminal': 0.1|1|shift_terminal needs at least 2"
      })
  void refusesStepsThatTheScheduleLacks(String sampler, String keys, int steps, String reason) {
    assertThatThrownBy(() -> schedule(sampler, keys, steps))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "ddim,-0.1,strength is -0.1; it must be from 0 to 1",
    "ddim,1.01,strength is 1.01",
    "ddim,NaN,strength is NaN",
    "ddim,0,strength is 0.0 with 10 steps: no step is left",
    "dpmpp-2m,0.09,strength is 0.09 with 10 steps: no step is left; it takes at least 1 / steps = 0.1",
    "flow-euler,0,no step is left"
  })
  void refusesAStrengthThatLeavesNoStep(String sampler, double strength, String reason) {
    String flow =
        sampler.startsWith("flow") ? "'_class_name': 'FlowMatchEulerDiscreteScheduler'" : "";
    Sampler made = sampler(sampler, flow);
    assertThatThrownBy(() -> made.schedule(new ScheduleRequest(10, strength, 0)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void diffusionPipelinesRoundStrengthDownAndFlowPipelinesUp() {
    Sampler ddim = sampler("ddim", "");
    Sampler flow = sampler("flow-euler", "'_class_name': 'FlowMatchEulerDiscreteScheduler'");
    assertThat(ddim.schedule(new ScheduleRequest(4, 0.6, 0)).steps()).hasSize(2);
    assertThat(flow.schedule(new ScheduleRequest(4, 0.6, 0)).steps()).hasSize(3);
  }

  /** Keys of other classes are ignored, nulls are defaults, and Python's infinity is a number. */
  @ParameterizedTest
  @EnumSource(value = Samplers.class, mode = EnumSource.Mode.EXCLUDE, names = "FLOW_EULER")
  void takesWhatOtherClassesWrote(Samplers sampler) {
    String foreign =
        "'skip_prk_steps': true, 'trained_betas': null, 'lambda_min_clipped': -Infinity,"
            + " '_diffusers_version': '0.6.0', 'timestep_spacing': 'trailing'";
    assertThat(schedule(sampler.toString(), foreign, 7).steps()).hasSize(7);
    assertThat(schedule(sampler.toString(), foreign, 7))
        .isEqualTo(schedule(sampler.toString(), "'timestep_spacing': 'trailing'", 7));
  }

  @Test
  void karrasByNameIsKarrasByConfig() {
    for (String sampler : new String[] {"euler", "dpmpp-2m"}) {
      assertThat(schedule(sampler, "'use_karras_sigmas': true", 9))
          .isEqualTo(schedule(sampler + "-karras", "'use_karras_sigmas': false", 9))
          .isNotEqualTo(schedule(sampler, "'use_karras_sigmas': false", 9));
    }
  }

  @Test
  void readsAFileAndNamesItWhenItIsWrong() throws IOException {
    Path file = folder.resolve("scheduler_config.json");
    assertRefused(file, "is missing");
    Files.writeString(file, "{\"beta_start\": ");
    assertRefused(file, "is not JSON");
    Files.writeString(file, "[]");
    assertRefused(file, "is not a JSON object");
    Files.write(file, new byte[] {(byte) 0xff});
    assertRefused(file, "is not UTF-8 text");
    Files.writeString(file, "{}");
    assertThat(
            Samplers.DDIM.from(SchedulerConfig.read(file)).schedule(ScheduleRequest.of(3)).steps())
        .hasSize(3);
  }

  @Test
  void namesWhatExistsWhereASamplerDoesNot() {
    assertThat(Samplers.names())
        .allSatisfy(name -> assertThat(Samplers.named(name)).hasToString(name));
    assertThatThrownBy(() -> Samplers.named("plms"))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "sampler is plms; it must be one of ddim, euler, euler-karras, euler-ancestral, dpmpp-2m,"
                + " dpmpp-2m-karras, dpmpp-2m-sde, unipc, lcm, flow-euler");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'_class_name': 'DDIMScheduler'|ddim",
        "'_class_name': 'EulerDiscreteScheduler'|euler",
        "'_class_name': 'EulerDiscreteScheduler', 'use_karras_sigmas': true|euler-karras",
        "'_class_name': 'EulerAncestralDiscreteScheduler'|euler-ancestral",
        "'_class_name': 'DPMSolverMultistepScheduler'|dpmpp-2m",
        "'_class_name': 'DPMSolverMultistepScheduler', 'use_karras_sigmas': true|dpmpp-2m-karras",
        "'_class_name': 'DPMSolverMultistepScheduler', 'algorithm_type': 'sde-dpmsolver++'|dpmpp-2m-sde",
        "'_class_name': 'UniPCMultistepScheduler'|unipc",
        "'_class_name': 'LCMScheduler'|lcm",
        "'_class_name': 'FlowMatchEulerDiscreteScheduler'|flow-euler",
        "'_class_name': 'PNDMScheduler'|ddim",
        "'_class_name': 'DPMSolverMultistepScheduler', 'solver_order': 3|ddim",
        "'steps_offset': 1|ddim"
      })
  void prefersTheSamplerThatTheConfigNames(String keys, String preferred) {
    SamplerSet samplers = SamplerSet.of(SchedulerConfig.parse("the-file", json(keys)));
    assertThat(samplers.preferred()).isEqualTo(preferred);
    assertThat(samplers.named(preferred).schedule(ScheduleRequest.of(5)).steps()).hasSize(5);
    assertThatThrownBy(() -> samplers.named("plms"))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith("sampler is plms; this model has ");
  }

  @Test
  void aCheckpointHasTheSamplersThatItsConfigAllows() {
    assertThat(names("'_class_name': 'FlowMatchEulerDiscreteScheduler'"))
        .containsExactly("flow-euler");
    assertThat(names("'_class_name': 'DDIMScheduler'"))
        .containsExactlyElementsOf(
            Samplers.names().stream().filter(name -> !name.startsWith("flow")).toList());
    assertThat(names("'solver_order': 3"))
        .containsExactly("ddim", "euler", "euler-karras", "euler-ancestral", "lcm");
    assertThatThrownBy(() -> names("'beta_start': 2"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("beta_start is 2; must be above 0 and below 1");
  }

  private static List<String> names(String keys) {
    return SamplerSet.of(SchedulerConfig.parse("the-file", json(keys))).names();
  }

  private static void assertRefused(Path file, String reason) {
    assertThatThrownBy(() -> SchedulerConfig.read(file))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);
  }

  private static SamplerSchedule schedule(String sampler, String keys, int steps) {
    return sampler(sampler, keys).schedule(ScheduleRequest.of(steps));
  }

  private static Sampler sampler(String sampler, String keys) {
    return Samplers.named(sampler).from(SchedulerConfig.parse("the-file", json(keys)));
  }

  private static String json(String keys) {
    return "{" + keys.replace('\'', '"') + "}";
  }
}
