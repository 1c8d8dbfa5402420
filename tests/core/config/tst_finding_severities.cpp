#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "core/config/profile_file.h"
#include "core/enrollment/run_form.h"

#include <QTest>

// What a profile's [findings] say, from its text to what becomes of the device: every finding of the catalog with every
// severity that can be written.

using namespace enroll;
using namespace enroll::attestation;
using config::parseProfile;
using enrollment::AttestationRun;
using enrollment::ProductProfile;

namespace {

const std::string kHead = "schema = 1\nname = \"Gateway\"\nversion = \"1\"\n";
/// Asks for nothing that a severity could contradict.
const std::string kPermissive =
    kHead + "[certificate]\nrequire = \"present\"\n[tpm]\nallow_software = true\n[findings]\n";
/// Asks besides for what some findings need to be looked for at all.
const std::string kSeeking = kHead + "[certificate]\nrequire = \"present\"\n"
                                     "[tpm]\nallow_software = true\nallow_manufacturers = [\"IFX\"]\n"
                                     "minimum_firmware = { IFX = \"7.62\" }\n[ship_state]\n[findings]\n";
constexpr std::array<std::string_view, 4> kSought{"manufacturer-not-allowed", "tpm-firmware-old", "tpm-foreign-object",
                                                  "tpm-foreign-index"};
/// Asks for all that a profile can ask for.
const std::string kStrict = kHead + "[certificate]\nrequire = \"trusted\"\n"
                                    "[tpm]\nallow_manufacturers = [\"IFX\"]\nminimum_firmware = { IFX = \"7.62\" }\n"
                                    "[ship_state]\n[findings]\n";

std::string lineOf(std::string_view id, std::string_view severity)
{
    return std::string{id}.append(" = \"").append(severity).append("\"\n");
}

/// A profile that takes \p severity of the finding \p id, unless it is a contradiction.
std::string headFor(std::string_view id, Severity severity)
{
    const bool sought = std::ranges::find(kSought, id) != kSought.end();
    return sought && severity != Severity::Info ? kSeeking : kPermissive;
}
/// Whoever lists makers refuses the others.
bool isContradiction(std::string_view id, Severity severity)
{
    return id == "manufacturer-not-allowed" && severity == Severity::Warning;
}

/// The line of the profile that follows \p head.
std::size_t lineBehind(const std::string& head)
{
    return static_cast<std::size_t>(std::ranges::count(head, '\n')) + 1;
}

/// The run of a device of which \p findings alone were found.
AttestationRun runWith(std::vector<Finding> findings)
{
    AttestationReport report;
    report.verdict = judge(findings);
    report.findings = std::move(findings);
    AttestationRun run;
    enrollment::fillFrom(run, std::move(report), "GX-000118");
    return run;
}

/// What a finding of \p severity makes of a device.
Outcome outcomeOf(Severity severity)
{
    switch (severity) {
    case Severity::Info:
    case Severity::Warning:
        return Outcome::Pass;
    case Severity::Hold:
        return Outcome::Hold;
    case Severity::Fail:
        return Outcome::Fail;
    }
    return Outcome::StationFault;
}

/// True if \p run ended as \p severity says, with the finding's \p code and an instruction for that outcome; a PASS has
/// no code.
bool isDecidedBy(const AttestationRun& run, Severity severity, ErrorCode code)
{
    const auto outcome = outcomeOf(severity);
    if (run.outcome != outcome || run.findings.front().severity != severity) {
        return false;
    }
    if (outcome == Outcome::Pass) {
        return !run.code && !run.findings.front().code;
    }
    const std::string_view wrongPlace = outcome == Outcome::Fail ? "HOLD shelf" : "RED bin";
    return run.code == code && run.findings.front().code == code &&
           run.nextStep == instructionFor(code, outcome).text && run.nextStep.find(wrongPlace) == std::string::npos;
}

/// Every finding of the catalog, beside every severity.
void addRows()
{
    QTest::addColumn<std::size_t>("place");
    QTest::addColumn<int>("severity");
    for (std::size_t place = 0; place < findingCatalog().size(); ++place) {
        for (const auto severity : kAllSeverities) {
            QTest::addRow("%s = %s", findingCatalog()[place].id.data(), severityText(severity).data())
                << place << static_cast<int>(severity);
        }
    }
}

/// \p word with one letter too few, one too many, a wrong one and two exchanged, at each place.
std::vector<std::string> typingErrors(std::string_view word)
{
    std::vector<std::string> wrong;
    for (std::size_t at = 0; at < word.size(); ++at) {
        const std::string right{word};
        wrong.push_back(std::string{right}.erase(at, 1));
        wrong.push_back(std::string{right}.insert(at, 1, 'x'));
        wrong.push_back(std::string{right}.replace(at, 1, 1, 'x'));
        if (at + 1 < word.size()) {
            auto exchanged = right;
            std::swap(exchanged[at], exchanged[at + 1]);
            wrong.push_back(exchanged);
        }
    }
    return wrong;
}

} // namespace

class tst_finding_severities : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatTheProfileSaysDecides_data() { addRows(); }
    void whatTheProfileSaysDecides()
    {
        QFETCH(const std::size_t, place);
        QFETCH(const int, severity);
        const auto& row = findingCatalog()[place];
        const auto wanted = static_cast<Severity>(severity);
        const auto profile = parseProfile(headFor(row.id, wanted) + lineOf(row.id, severityText(wanted)), "x");
        if (isContradiction(row.id, wanted)) {
            QVERIFY(!profile.ok());
            return;
        }
        QVERIFY2(profile.ok(), profile.ok() ? "" : profile.error().what.c_str());
        QVERIFY(isDecidedBy(runWith({makeFinding(profile->policy, row.id, "It was seen.")}), wanted, row.code));
        // Nor does what follows from the device outweigh the profile.
        for (const auto usual : kAllSeverities) {
            const auto found = makeFinding(profile->policy, row.id, usual, "It was seen.");
            QVERIFY(isDecidedBy(runWith({found}), wanted, row.code));
        }
    }

    /// A severity that lets pass what the profile refuses elsewhere is refused with its line; each other one decides.
    void aStrictProfileTakesASeverityOrSaysWhyNot_data() { addRows(); }
    void aStrictProfileTakesASeverityOrSaysWhyNot()
    {
        QFETCH(const std::size_t, place);
        QFETCH(const int, severity);
        const auto& row = findingCatalog()[place];
        const auto wanted = static_cast<Severity>(severity);
        const auto profile = parseProfile(kStrict + lineOf(row.id, severityText(wanted)), "x");
        if (profile.ok()) {
            QVERIFY(isDecidedBy(runWith({makeFinding(profile->policy, row.id, "It was seen.")}), wanted, row.code));
            return;
        }
        QVERIFY(wanted < Severity::Hold);
        const auto& error = profile.error();
        const auto where = "x:" + std::to_string(lineBehind(kStrict)) + ": findings." + std::string{row.id} + " lets ";
        QCOMPARE(error.code, ErrorCode{StationCode::ConfigurationInvalid});
        QVERIFY2(error.what.starts_with(where), error.what.c_str());
    }

    /// A profile that is silent on a finding judges it as the catalog says, for these settings.
    void aSilentProfileJudgesAsTheCatalogSays()
    {
        for (const auto& head : {kHead, kPermissive, kStrict}) {
            const auto profile = parseProfile(head, "x");
            QVERIFY2(profile.ok(), profile.ok() ? "" : profile.error().what.c_str());
            for (const auto& row : findingCatalog()) {
                const auto usual = row.usual(profile->policy);
                QCOMPARE(severityOf(profile->policy, row.id), usual);
                QVERIFY2(isDecidedBy(runWith({makeFinding(profile->policy, row.id, "It was seen.")}), usual, row.code),
                         row.id.data());
            }
        }
    }

    /// The graver one decides, wherever it stands.
    void oneFindingDoesNotHideAGraverOne()
    {
        const auto profile = parseProfile(kPermissive + lineOf("ek-certificate-sha1", "fail") +
                                              lineOf("tpm-failed-tries", "hold") + lineOf("ek-not-persistent", "info"),
                                          "x");
        QVERIFY(profile.ok());
        const auto found = [&profile](std::string_view id) { return makeFinding(profile->policy, id, "It was seen."); };
        const auto run = runWith({found("ek-not-persistent"), found("tpm-failed-tries"), found("ek-certificate-sha1")});
        QVERIFY(run.outcome == Outcome::Fail);
        QVERIFY(run.code == found("ek-certificate-sha1").code);
    }

    /// The two findings of a comparison with the journal have keys of their own.
    void whatTheProfileSaysOfADuplicateDecides_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("severity");
        using Kind = enrollment::DuplicateCheck::Kind;
        for (const auto* severity : {"hold", "fail"}) {
            QTest::addRow("same key, %s", severity)
                << "same_ek_other_serial" << static_cast<int>(Kind::EkElsewhere) << QString::fromLatin1(severity);
            QTest::addRow("same serial, %s", severity)
                << "same_serial_other_ek" << static_cast<int>(Kind::SerialHasOtherEk) << QString::fromLatin1(severity);
            QTest::addRow("same TPM, %s", severity)
                << "same_tpm_other_serial" << static_cast<int>(Kind::TpmElsewhere) << QString::fromLatin1(severity);
            QTest::addRow("same registration id, %s", severity)
                << "same_serial_other_ek" << static_cast<int>(Kind::RegistrationIdTaken)
                << QString::fromLatin1(severity);
        }
    }
    void whatTheProfileSaysOfADuplicateDecides()
    {
        QFETCH(const QString, key);
        QFETCH(const int, kind);
        QFETCH(const QString, severity);
        const auto profile =
            parseProfile(kHead + "[duplicates]\n" + lineOf(key.toStdString(), severity.toStdString()), "x");
        QVERIFY(profile.ok());
        using Kind = enrollment::DuplicateCheck::Kind;
        enrollment::DuplicateCheck check;
        check.kind = static_cast<enrollment::DuplicateCheck::Kind>(kind);
        check.existing.emplace();
        const auto finding = enrollment::duplicateFinding(check, enrollment::SerialNumber{"gx-000118"}, *profile);
        QVERIFY(finding.has_value());
        const auto code = check.kind == Kind::EkElsewhere        ? HoldCode::EkEnrolledElsewhere
                          : check.kind == Kind::SerialHasOtherEk ? HoldCode::SerialHasOtherEk
                          : check.kind == Kind::TpmElsewhere     ? HoldCode::TpmEnrolledElsewhere
                                                                 : HoldCode::RegistrationIdTaken;
        QVERIFY(isDecidedBy(runWith({*finding}), severity == u"fail" ? Severity::Fail : Severity::Hold, code));
    }

    void whatTheProfileSaysOfOtherSettingsDecides()
    {
        for (const auto severity : {Severity::Warning, Severity::Hold, Severity::Fail}) {
            const auto profile = parseProfile(
                kHead + "[duplicates]\n" + lineOf("same_device_other_settings", severityText(severity)), "x");
            QVERIFY(profile.ok());
            const auto found = enrollment::otherSettingsFindings({"iot_edge"}, *profile);
            QCOMPARE(found.size(), std::size_t{1});
            QVERIFY(isDecidedBy(runWith(found), severity, HoldCode::EnrolledOtherwise));
            QVERIFY(enrollment::otherSettingsFindings({}, *profile).empty());
        }
        QVERIFY(!parseProfile(kHead + "[duplicates]\nsame_device_other_settings = \"info\"\n", "x").ok());
        QCOMPARE(parseProfile(kHead, "x")->sameDeviceOtherSettings, Severity::Hold);
    }

    /// A second record of one chip is warned of where the profile says so; none is made.
    void whatTheProfileSaysOfOneTpmDecides()
    {
        using Kind = enrollment::DuplicateCheck::Kind;
        enrollment::DuplicateCheck retest;
        retest.kind = Kind::Retest;
        retest.tpmElsewhere.emplace();
        enrollment::DuplicateCheck another;
        another.kind = Kind::TpmElsewhere;
        another.existing.emplace();
        const enrollment::SerialNumber serial{"gx-000118"};
        for (const auto severity : {Severity::Warning, Severity::Hold, Severity::Fail}) {
            const auto profile =
                parseProfile(kHead + "[duplicates]\n" + lineOf("same_tpm_other_serial", severityText(severity)), "x");
            QVERIFY(profile.ok());
            const auto code = HoldCode::TpmEnrolledElsewhere;
            QVERIFY(isDecidedBy(runWith({*enrollment::duplicateFinding(retest, serial, *profile)}), severity, code));
            QVERIFY(isDecidedBy(runWith({*enrollment::duplicateFinding(another, serial, *profile)}),
                                std::max(severity, Severity::Hold), code));
        }
        QVERIFY(!parseProfile(kHead + "[duplicates]\nsame_tpm_other_serial = \"info\"\n", "x").ok());
        QCOMPARE(parseProfile(kHead, "x")->sameTpmOtherSerial, Severity::Hold);
    }

    /// Whoever mistypes one letter learns where, and which word was meant.
    void aMistypedSeverityIsNamedWithItsLine_data()
    {
        QTest::addColumn<QString>("right");
        for (const auto severity : kAllSeverities) {
            QTest::newRow(severityText(severity).data()) << QString::fromLatin1(severityText(severity).data());
        }
    }
    void aMistypedSeverityIsNamedWithItsLine()
    {
        QFETCH(const QString, right);
        for (const auto& row : findingCatalog()) {
            for (const auto& wrong : typingErrors(right.toStdString())) {
                const auto profile = parseProfile(kPermissive + "\n" + lineOf(row.id, wrong), "x");
                QVERIFY2(!profile.ok(), wrong.c_str());
                const auto& what = profile.error().what;
                const auto where = "x:" + std::to_string(lineBehind(kPermissive) + 1) + ": findings." +
                                   std::string{row.id} + " is \"" + wrong + "\"";
                QVERIFY2(what.starts_with(where), what.c_str());
                QVERIFY2(what.ends_with("Did you mean \"" + right.toStdString() + "\"?"), what.c_str());
            }
        }
    }

    /// And whoever mistypes a finding: one letter too few, in the middle.
    void aMistypedFindingIsNamedWithItsLine()
    {
        for (const auto& row : findingCatalog()) {
            auto wrong = std::string{row.id};
            wrong.erase(wrong.size() / 2, 1);
            const auto profile = parseProfile(kPermissive + lineOf(wrong, "hold"), "x");
            QVERIFY2(!profile.ok(), wrong.c_str());
            const auto& what = profile.error().what;
            const auto where = "x:" + std::to_string(lineBehind(kPermissive)) + ": findings." + wrong + " ";
            QVERIFY2(what.starts_with(where), what.c_str());
            QVERIFY2(what.ends_with("Did you mean \"findings." + std::string{row.id} + "\"?"), what.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(tst_finding_severities)
#include "tst_finding_severities.moc"
