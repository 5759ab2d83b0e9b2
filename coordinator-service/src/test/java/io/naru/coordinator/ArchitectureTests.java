package io.naru.coordinator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package of the coordinator may know which. */
@AnalyzeClasses(packages = "io.naru.coordinator", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {
    @ArchTest
    static final ArchRule ratisStaysInOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage("..coordinator.quorum..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.ratis..")
            .because("the quorum must be replaceable, and its upgrades must touch one package");

    @ArchTest
    static final ArchRule springStaysAtTheEdges = noClasses()
            .that()
            .resideOutsideOfPackages("..coordinator.api..", "..coordinator.config..")
            .and()
            .doNotHaveFullyQualifiedName(CoordinatorApplication.class.getName())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework..", "jakarta..", "org.apache.catalina..", "tools.jackson..", "io.swagger..")
            .because("decisions, sessions and the feed must run in a simulation without a container");

    @ArchTest
    static final ArchRule decisionsArePure = classes()
            .that()
            .resideInAPackage("..coordinator.control..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.naru.coordinator.control..",
                    "io.naru.cluster..",
                    "java.lang..",
                    "java.util..",
                    "java.net",
                    "org.jspecify..")
            .because("a decision reads no clock, no disk and no network");

    @ArchTest
    static final ArchRule decisionsReadNothingThatChanges = noClasses()
            .that()
            .resideInAPackage("..coordinator.control..")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(java.util.Random.class, java.util.concurrent.ThreadLocalRandom.class, java.net.Socket.class)
            .because("what is random comes with the context");

    @ArchTest
    static final ArchRule arrowsPointInwards = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("config")
            .definedBy("..coordinator.config..")
            .layer("api")
            .definedBy("..coordinator.api..")
            .layer("quorum")
            .definedBy("..coordinator.quorum..")
            .layer("liveness")
            .definedBy("..coordinator.liveness..")
            .layer("feed")
            .definedBy("..coordinator.feed..")
            .layer("decider")
            .definedBy("..coordinator.decider..")
            .layer("control")
            .definedBy("..coordinator.control..")
            .whereLayer("config")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("api")
            .mayOnlyBeAccessedByLayers("config")
            .whereLayer("quorum")
            .mayOnlyBeAccessedByLayers("config")
            .whereLayer("liveness")
            .mayOnlyBeAccessedByLayers("api", "config")
            .whereLayer("feed")
            .mayOnlyBeAccessedByLayers("api", "config")
            .whereLayer("decider")
            .mayOnlyBeAccessedByLayers("api", "config", "feed", "liveness", "quorum")
            .whereLayer("control")
            .mayOnlyBeAccessedByLayers("api", "config", "decider", "liveness");
}
