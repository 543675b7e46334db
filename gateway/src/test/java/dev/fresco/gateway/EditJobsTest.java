package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.job.JobEvent.JobExecution;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.platform.image.TestImages;
import dev.fresco.platform.store.Sha256;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Edits: what is sent and kept of their masks, and what is shown of how they ran. */
class EditJobsTest extends GatewayTest {
  private static final String WHITE = "\"edits\":\"white\"";

  private Caller.Answer accepted(String body) {
    Caller.Answer answer = caller.postJob(body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    return answer;
  }

  private static String edit(String start, byte[] mask, String rest) {
    return """
        {"kind":"edit","prompt":"a red hat","seed":7,%s,"mask":{"base64":"%s",%s}}
        """
        .formatted(start, base64(mask), rest);
  }

  private String edit(byte[] mask, String rest) {
    return edit("\"template\":{\"id\":\"" + template(128, 96) + "\"}", mask, rest);
  }

  private String template(int width, int height) {
    return shelf.template("default", width, height);
  }

  private Raster stored(StoredObject mask) throws IOException {
    byte[] bytes = objects.get(mask.objectKey()).orElseThrow();
    assertThat(Sha256.of(bytes)).isEqualTo(mask.sha256());
    assertThat(bytes).hasSize((int) mask.bytes());
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
    return image.getRaster();
  }

  @Test
  void anEditIsSentWithItsTemplateAndMask() throws IOException {
    String template = template(128, 96);
    byte[] mask = MaskImages.white(128, 96);
    Caller.Answer answer =
        accepted(edit("\"template\":{\"id\":\"" + template + "\"}", mask, WHITE));
    String id = answer.text("/id");
    JobRequest sent = sent(id);
    assertThat(sent.kind()).isEqualTo(JobKind.EDIT);
    assertThat(sent.start().image().template()).isEqualTo(template);
    assertThat(sent.start().strength()).isEqualTo(1);
    assertThat(sent.stepsPerPicture()).isEqualTo(20);
    assertThat(sent.mask().ratio()).isEqualTo(MaskImages.RATIO);
    assertThat(sent.mask().image().width()).isEqualTo(128);
    assertThat(sent.mask().image().height()).isEqualTo(96);
    StoredObject object = sent.mask().image().object();
    assertThat(object.objectKey()).isEqualTo("inputs/" + id + "/mask.png");
    assertRectangle(stored(object), 255, 0);

    assertThat(answer.text("/request/mask/ratio")).isEqualTo("0.125");
    assertThat(answer.text("/request/mask/sha256")).isEqualTo(object.sha256());
    assertThat(answer.text("/request/image/template")).isEqualTo(template);
    assertThat(answer.text("/request/strength")).isEqualTo("1.0");
    assertThat(answer.toString()).doesNotContain("inputs/", "objectKey");
    Caller.Answer found = caller.get("/v1/jobs/" + id);
    assertThat(found.json().get("request")).isEqualTo(answer.json().get("request"));
    assertThat(caller.get("/v1/jobs?kind=edit").text("/items/0/id")).isEqualTo(id);
  }

  private static void assertRectangle(Raster mask, int painted, int kept) {
    int width = mask.getWidth();
    int height = mask.getHeight();
    assertThat(mask.getPixels(0, 0, width, height, (int[]) null))
        .isEqualTo(MaskImages.expected(width, height, painted, kept));
  }

  @Test
  void aMaskIsScaledIfThatIsAskedFor() throws IOException {
    String scaled = WHITE + ",\"rescale\":true";
    for (byte[] mask : new byte[][] {MaskImages.white(64, 48), MaskImages.white(256, 192)}) {
      JobRequest sent = sent(accepted(edit(mask, scaled)).text("/id"));
      assertThat(sent.mask().ratio()).isEqualTo(MaskImages.RATIO);
      assertRectangle(stored(sent.mask().image().object()), 255, 0);
    }
  }

  @Test
  void aMarginGrowsWhatIsPainted() {
    String body = edit(MaskImages.white(128, 96), WHITE + ",\"margin\":4");
    double grown = (32 + 8) * (48 + 8) / (128.0 * 96);
    assertThat(sent(accepted(body).text("/id")).mask().ratio()).isEqualTo(grown);
  }

  @Test
  void aMaskOfEverythingPaintsEverything() throws IOException {
    byte[] all = MaskImages.grey(BufferedImage.TYPE_BYTE_GRAY, 128, 96, 255, 255);
    Caller.Answer answer = accepted(edit(all, WHITE));
    assertThat(answer.text("/request/mask/ratio")).isEqualTo("1.0");
    assertRectangle(stored(sent(answer.text("/id")).mask().image().object()), 255, 255);
  }

  @Test
  void whatIsEditedMayComeWithTheRequest() throws IOException {
    byte[] picture = TestImages.noise("png", 128, 96, 1);
    String bytes = "{\"base64\":\"" + base64(picture) + "\"}";
    for (String field : new String[] {"image", "template"}) {
      String body =
          edit("\"strength\":0.5,\"" + field + "\":" + bytes, MaskImages.white(128, 96), WHITE);
      String id = accepted(body).text("/id");
      JobRequest sent = sent(id);
      assertThat(sent.start().strength()).isEqualTo(0.5);
      assertThat(sent.start().image().template()).isNull();
      String key = sent.start().image().object().objectKey();
      assertThat(key).isEqualTo("inputs/" + id + "/" + field);
      assertThat(objects.get(key)).hasValue(picture);
    }
  }

  @Test
  void howAnEditRanIsShown() {
    String recording = "rec_" + "ab".repeat(16);
    String masked = accepted(edit(MaskImages.white(128, 96), WHITE)).text("/id");
    backstage.succeeded(
        masked, "ab12", new JobExecution("worker-1", 3.5, "masked", null, recording, true));
    Caller.Answer shown = awaitState(masked, "SUCCEEDED");
    assertThat(shown.text("/execution/mode")).isEqualTo("masked");
    assertThat(shown.text("/execution/recordingHit")).isEqualTo("true");
    assertThat(shown.text("/execution/recording")).isEqualTo(recording);
    assertThat(shown.json().at("/execution").has("reason")).isFalse();

    String dense = accepted(edit(MaskImages.white(128, 96), WHITE)).text("/id");
    String reason = "nothing was recorded of the template yet";
    backstage.succeeded(
        dense, "ab12", new JobExecution("worker-1", 3.5, "dense", reason, recording, false));
    shown = awaitState(dense, "SUCCEEDED");
    assertThat(shown.text("/execution/mode")).isEqualTo("dense");
    assertThat(shown.text("/execution/recordingHit")).isEqualTo("false");
    assertThat(shown.text("/execution/reason")).isEqualTo(reason);
  }
}
