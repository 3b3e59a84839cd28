// Leaked Bitbucket keys, in TeamCity. Copy the object into .teamcity/settings.kts and name it in the project:
// buildType(Bbkeys).
//
//   pull request   the commits that the target branch does not have; wants the build feature "Pull Requests"
//   push           the commits that the default branch lacks; all files of the default branch itself
//
// The build fails when a key is found, or when something could not be looked at. The VCS root must not make
// shallow clones or use mirrors, whose objects are outside of the checkout: checkoutPolicy = NO_MIRRORS.
object Bbkeys : BuildType({
    name = "Leaked Bitbucket keys"
    artifactRules = "bbkeys.sarif"

    vcs { root(DslContext.settingsRoot) }

    steps {
        script {
            name = "Look for keys"
            // The file with the build's parameters says what the build was started for.
            scriptContent = """
                facts=${'$'}(dirname "${'$'}TEAMCITY_BUILD_PROPERTIES_FILE")
                docker run --rm --network none --user "${'$'}(id -u):${'$'}(id -g)" \
                  --volume "${'$'}PWD:${'$'}PWD" --workdir "${'$'}PWD" --volume "${'$'}facts:${'$'}facts:ro" \
                  --env TEAMCITY_VERSION --env TEAMCITY_BUILD_PROPERTIES_FILE --env BUILD_VCS_NUMBER --env BUILD_URL \
                  --env BBKEYS_FAIL_ON=warning --env BBKEYS_SARIF_FILE=bbkeys.sarif --env BBKEYS_JUNIT_FILE=bbkeys.xml \
                  ghcr.io/bbkeys/bbkeys:1
            """.trimIndent()
        }
    }

    triggers { vcs { branchFilter = "+:*" } }

    // Each key is a failed test of the build, with the page where it is revoked.
    features { xmlReport { reportType = XmlReport.XmlReportType.JUNIT; rules = "bbkeys.xml" } }

    failureConditions { executionTimeoutMin = 15 }
})
