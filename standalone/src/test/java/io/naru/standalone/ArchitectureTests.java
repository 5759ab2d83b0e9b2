package io.naru.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.naru.standalone", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {
    @ArchTest
    static final ArchRule COMMANDS_KNOW_NO_SERVICE = noClasses()
            .that()
            .resideInAPackage("io.naru.standalone.cli")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.naru.broker..", "io.naru.coordinator..", "org.springframework..");

    @ArchTest
    static final ArchRule NOTHING_BELOW_KNOWS_THE_COMMANDS = noClasses()
            .that()
            .resideOutsideOfPackage("io.naru.standalone.cli")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.naru.standalone.cli");

    @ArchTest
    static final ArchRule SERVICES_ARE_ENTERED_BY_THEIR_FRONT_DOOR = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.naru.broker.partition..",
                    "io.naru.broker.metadata..",
                    "io.naru.broker.api..",
                    "io.naru.coordinator.quorum..",
                    "io.naru.commitlog..");
}
