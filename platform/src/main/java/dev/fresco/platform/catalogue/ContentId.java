package dev.fresco.platform.catalogue;

import dev.fresco.platform.store.Sha256;
import dev.fresco.platform.web.Tenant;

/**
 * Ids that follow from content: the same bytes of the same tenant have the same id, so that an
 * upload can be repeated at any point without harm. Tenants share no ids, for one could delete what
 * the other uploaded.
 */
public final class ContentId {
  private static final int DIGITS = 26;

  private ContentId() {}

  /**
   * An id.
   *
   * @param prefix what it names, for example {@code tpl}
   * @param sha256 of the content, in hexadecimal
   */
  public static String of(String prefix, Tenant tenant, String sha256) {
    return prefix + "_" + Sha256.of(tenant.id() + "/" + sha256).substring(0, DIGITS);
  }
}
