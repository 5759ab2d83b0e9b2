package io.naru.commitlog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The log is a plain library, and reaches files through its port only. */
@AnalyzeClasses(packages = "io.naru.commitlog", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {
    @ArchTest
    static final ArchRule needsTheJdkAndCodecsOnly = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.naru.commitlog..",
                    "java..",
                    "com.sun.management..",
                    "com.github.luben.zstd..",
                    "net.jpountz..",
                    "org.xerial.snappy..",
                    "org.jspecify.annotations..");

    @ArchTest
    static final ArchRule onlyTheRealDiskTouchesFiles = noClasses()
            .that()
            .resideOutsideOfPackage("..disk..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.channels.FileChannel")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.Files")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.File");

    @ArchTest
    static final ArchRule batchesAndWhatTheyTellDoNoInputOrOutput = noClasses()
            .that()
            .resideInAnyPackage("..batch..", "..epoch..", "..producer..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.naru.commitlog", "..segment..", "..snapshot..", "..disk..", "java.nio.file..");

    @ArchTest
    static final ArchRule theDiskKnowsNoLog = noClasses()
            .that()
            .resideInAPackage("..disk..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.naru.commitlog", "..segment..", "..batch..");

    @ArchTest
    static final ArchRule segmentsKnowNoLog = noClasses()
            .that()
            .resideInAPackage("..segment..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.naru.commitlog");
}
