package dev.fresco.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls of the house: which module may know which. */
@AnalyzeClasses(packages = "dev.fresco", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] SERVICES = {
    "dev.fresco.gateway..",
    "dev.fresco.router..",
    "dev.fresco.worker..",
    "dev.fresco.cache..",
    "dev.fresco.lora..",
    "dev.fresco.training.."
  };

  @ArchTest
  static final ArchRule contractsKnowAnnotationsOnly =
      classes()
          .that()
          .resideInAPackage("dev.fresco.contracts..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.fresco.contracts..", "java..", "com.fasterxml.jackson.annotation..");

  @ArchTest
  static final ArchRule planningKnowsContractsAndTheJdk =
      classes()
          .that()
          .resideInAPackage("dev.fresco.planning..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.fresco.planning..", "dev.fresco.contracts..", "java..");

  @ArchTest
  static final ArchRule planningDoesNoIo =
      noClasses()
          .that()
          .resideInAPackage("dev.fresco.planning..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.io..", "java.nio.file..", "java.net..", "java.sql..")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule theEngineIsAPlainLibrary =
      noClasses()
          .that()
          .resideInAPackage("dev.fresco.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "org.apache.kafka..", "dev.fresco.platform..");

  @ArchTest
  static final ArchRule theTrainerKnowsEnginePlanningAndContracts =
      noClasses()
          .that()
          .resideInAPackage("dev.fresco.trainer..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "org.apache.kafka..", "dev.fresco.platform..");

  @ArchTest
  static final ArchRule librariesDoNotKnowTheTrainer =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.fresco.contracts..",
              "dev.fresco.planning..",
              "dev.fresco.engine..",
              "dev.fresco.platform..",
              "dev.fresco.embedded..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.fresco.trainer..");

  @ArchTest
  static final ArchRule allOfDjlLivesInTheEngine =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fresco.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule servicesDoNotKnowEachOther =
      slices()
          .matching("dev.fresco.(gateway|router|worker|cache|lora|training)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule libraryModulesDoNotKnowServices =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.fresco.contracts..",
              "dev.fresco.planning..",
              "dev.fresco.engine..",
              "dev.fresco.trainer..",
              "dev.fresco.platform..",
              "dev.fresco.embedded..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(SERVICES);

  @ArchTest
  static final ArchRule servicesDoNotEmbedTheirBackends =
      noClasses()
          .that()
          .resideInAnyPackage(SERVICES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.fresco.embedded..", "dev.fresco.standalone..");

  @ArchTest
  static final ArchRule theFakeModelIsForTests =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fresco.engine.fake..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.fresco.engine.fake..");

  @ArchTest
  static final ArchRule inboundEventsHaveAFlowClassEach =
      classes()
          .that()
          .resideInAPackage("..flow..")
          .and()
          .areTopLevelClasses()
          .should()
          .haveSimpleNameEndingWith("Flow");

  @ArchTest
  static final ArchRule namesSayWhatAClassIsAbout =
      noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl)");
}
