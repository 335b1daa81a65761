package dev.caisson.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import dev.caisson.image.VerifiedImage;
import dev.caisson.launch.Root;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md that the compiler cannot keep. */
class ModulesTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.caisson");

  private static final List<String> FROM_BELOW =
      List.of("json", "policy", "signing", "launch", "image", "engine", "cli");

  @Test
  void everyModuleIsSeen() {
    for (String module : FROM_BELOW) {
      assertTrue(ALL.containPackage("dev.caisson." + module), module);
    }
  }

  @Test
  void modulesDependInOneDirectionOnly() {
    LayeredArchitecture layers =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("json")
            .definedBy("dev.caisson", "dev.caisson.json..");
    for (String module : FROM_BELOW.subList(1, FROM_BELOW.size())) {
      layers = layers.layer(module).definedBy("dev.caisson." + module + "..");
    }
    layers
        .whereLayer("json")
        .mayNotAccessAnyLayer()
        .whereLayer("policy")
        .mayOnlyAccessLayers("json")
        .whereLayer("signing")
        .mayOnlyAccessLayers("json")
        .whereLayer("launch")
        .mayOnlyAccessLayers("json", "policy")
        .whereLayer("image")
        .mayOnlyAccessLayers("json", "policy", "signing", "launch")
        .whereLayer("engine")
        .mayOnlyAccessLayers("json", "policy", "signing", "launch", "image")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .check(ALL);
  }

  @Test
  void packagesAreFeatures() {
    for (String name : List.of("util", "utils", "common", "impl", "helper", "manager")) {
      noClasses().should().resideInAPackage(".." + name + "..").check(ALL);
    }
  }

  @Test
  void nativeCallsLiveInLaunch() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.caisson.launch")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.kenai..", "jnr..", "sun..", "jdk..")
        .check(ALL);
  }

  @Test
  void onlyAVerifiedImageGivesItsLayersToALaunch() {
    constructors()
        .that()
        .areDeclaredIn(Root.Layers.class)
        .should()
        .onlyBeCalled()
        .byClassesThat()
        .belongToAnyOf(VerifiedImage.class, Root.class)
        .check(ALL);
  }

  @Test
  void librariesStayWhereTheyAreUsed() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.caisson.signing")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bouncycastle..")
        .check(ALL);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.caisson.cli")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(ALL);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.caisson.image", "dev.caisson.cli")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml..")
        .check(ALL);
  }

  /** A cold start pays for each: some 10 ms for the first regular expression, 40 for databind. */
  @Test
  void whatEveryRunLoadsIsSpare() {
    noClasses()
        .that()
        // doctor's
        .haveSimpleNameNotEndingWith("Findings")
        .and()
        // without which it would be loaded
        .doNotHaveSimpleName("NoLogs")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.regex", "java.util.logging")
        .orShould()
        .callMethod(String.class, "matches", String.class)
        .orShould()
        .callMethod(String.class, "replaceAll", String.class, String.class)
        .check(ALL);
    noClasses()
        .that()
        .belongToAnyOf(Main.class, Session.class, RunVerb.class, WrapVerb.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml..")
        .check(ALL);
  }
}
