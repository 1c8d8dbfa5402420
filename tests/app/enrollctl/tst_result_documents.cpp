#include "app/enrollctl/config_values.h"
#include "app/enrollctl/output.h"
#include "app/enrollctl/result_documents.h"
#include "app/enrollctl/run_list_text.h"
#include "app/enrollctl/run_text.h"
#include "app/enrollctl/time_option.h"
#include "app/enrollctl/upload_document.h"
#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"

#include <QJsonArray>
#include <QTest>

#include <set>
#include <sstream>

using namespace enroll;
using namespace enroll::app::enrollctl;

class TestResultDocuments : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void journalNamesTheFirstBadEntryWithItsCode();
    void journalThatIsIntactHasNoBadEntry();
    void runListCarriesTheCursorOfTheNextPage();
    void runThatWasNeverEnrolledHasNullIds();
    void uploadSumsItsDestinationsAndListsRefusals();
    void uploadTellsWhatWasRejectedEarlierAndHowToRetry();
    void uploadTellsWhatWasSetAside();
    void uploadTellsWhatWasRefusedAlike();
    void registrationTellsHubAndDevice();
    void configValuesFollowTheFile();
    void configValuesLeaveNoKeyOut();
    void aWordThatIsNotKnownControlsNothing_data();
    void aWordThatIsNotKnownControlsNothing();
    void aListOfRunsNamesItsColumns();
    void runTextStartsWithOutcomeCodeAndHeadline();
    void runTextNamesTheIdOfAFinding();
    void runTextTellsWhenWhereAndByWhom();
    void runTextTellsWhatFailed();
    void runTextTellsNoCertificateFromOneThatNobodyLookedFor_data();
    void runTextTellsNoCertificateFromOneThatNobodyLookedFor();
    void runTextOfARunThatIsNowhereLeadsNowhere();
    void aTextOfARunStaysInItsLine();
    void timesAreTakenAsDateOrMoment();
    void timesThatAreNoneNameTheirOption();
};

namespace {

QString member(const QJsonObject& document, const char* name)
{
    return document.value(QLatin1String{name}).toString();
}

db::review::RunRow heldRun()
{
    db::review::RunRow row;
    row.runId = enrollment::RunId{"018f0000-0000-7000-8000-000000000001"};
    row.serialNumber = enrollment::SerialNumber{"GX-000001"};
    row.outcome = Outcome::Hold;
    row.code = DeviceCode::EkCertificateUntrusted;
    return row;
}

} // namespace

void TestResultDocuments::journalNamesTheFirstBadEntryWithItsCode()
{
    const db::journal::VerifyReport report{
        .entries = 16, .firstBad = db::journal::BadEntry{17, "run", "018f", "its hash differs"}, .notUnderstood = {}};
    const auto document = journalDocument(report);
    QCOMPARE(document.value(QStringLiteral("intact")).toBool(true), false);
    const auto bad = document.value(QStringLiteral("firstBad")).toObject();
    QCOMPARE(bad.value(QStringLiteral("seq")).toInt(), 17);
    QCOMPARE(member(bad, "id"), QStringLiteral("018f"));
    QCOMPARE(member(bad, "code"), QStringLiteral("S-303"));
    QVERIFY(journalText(report).find("17") != std::string::npos);
    QVERIFY(document.contains(QStringLiteral("head")) &&
            document.value(QStringLiteral("head")).isNull()); // none was found
}

void TestResultDocuments::journalThatIsIntactHasNoBadEntry()
{
    const db::journal::VerifyReport report{
        .entries = 3, .acts = 1, .firstBad = std::nullopt, .notUnderstood = {}, .head = Bytes(32, std::byte{0xab})};
    const auto document = journalDocument(report);
    QCOMPARE(member(document, "head"), QString(QStringLiteral("ab")).repeated(32));
    QVERIFY(journalText(report).find(toHex(report.head)) != std::string::npos);
    QCOMPARE(document.value(QStringLiteral("intact")).toBool(), true);
    QVERIFY(document.value(QStringLiteral("firstBad")).isNull());
    QCOMPARE(document.value(QStringLiteral("entries")).toInt(), 3);
    QCOMPARE(document.value(QStringLiteral("acts")).toInt(), 1);
}

void TestResultDocuments::runListCarriesTheCursorOfTheNextPage()
{
    const auto document = runListDocument({.rows = {heldRun()}, .next = "c-17"});
    QCOMPARE(member(document, "next"), QStringLiteral("c-17"));
    QVERIFY(runListDocument({}).value(QStringLiteral("next")).isNull());

    std::ostringstream out;
    const Output output{out, out};
    QVERIFY(runListText({.rows = {heldRun()}, .next = "c-17"}, output).ends_with("more: --after c-17\n"));
}

void TestResultDocuments::runThatWasNeverEnrolledHasNullIds()
{
    const auto document = runListDocument({.rows = {heldRun()}, .next = {}});
    const auto row = document.value(QStringLiteral("runs")).toArray().at(0).toObject();
    QVERIFY(row.value(QStringLiteral("registrationId")).isNull());
    QVERIFY(row.value(QStringLiteral("recordState")).isNull());
    QCOMPARE(member(row, "outcome"), QStringLiteral("hold"));
    QCOMPARE(member(row, "code"), QStringLiteral("D-122"));
}

void TestResultDocuments::uploadSumsItsDestinationsAndListsRefusals()
{
    const delivery::RejectedRecord refused{.registrationId = enrollment::RegistrationId{"abc"},
                                           .code = CloudCode::HasOtherKey,
                                           .headline = "h",
                                           .nextStep = "n",
                                           .reason = "r"};
    const UploadResult result{
        .queuedAgain = {{enrollment::DestinationName{"b"}, enrollment::RegistrationId{"def"}}},
        .uploads = {
            {enrollment::DestinationName{"a"}, {.accepted = 2, .rejected = {refused}, .left = 0, .stoppedBy = {}}},
            {enrollment::DestinationName{"b"},
             {.accepted = 1, .rejected = {}, .left = 4, .stoppedBy = makeError(CloudCode::Unreachable, "down")}}}};

    const auto document = uploadDocument(result);
    const auto again = document.value(QStringLiteral("queuedAgain")).toArray();
    QCOMPARE(again.size(), 1);
    QCOMPARE(member(again.at(0).toObject(), "registrationId"), QStringLiteral("def"));
    QCOMPARE(member(again.at(0).toObject(), "destination"), QStringLiteral("b"));
    QCOMPARE(document.value(QStringLiteral("accepted")).toInt(), 3);
    QCOMPARE(document.value(QStringLiteral("left")).toInt(), 4);
    const auto rejected = document.value(QStringLiteral("rejected")).toArray();
    QCOMPARE(rejected.size(), 1);
    QCOMPARE(member(rejected.at(0).toObject(), "registrationId"), QStringLiteral("abc"));
    QCOMPARE(member(rejected.at(0).toObject(), "code"), QStringLiteral("U-409"));
    const auto second = document.value(QStringLiteral("destinations")).toArray().at(1).toObject();
    QCOMPARE(member(second.value(QStringLiteral("stoppedBy")).toObject(), "code"), QStringLiteral("U-503"));
    QVERIFY(uploadText(result).find("b: 1 accepted, 0 rejected, 4 left") != std::string::npos);
    QVERIFY(uploadText(result).find("  1 record is rejected. ") != std::string::npos);
}

void TestResultDocuments::uploadTellsWhatWasRejectedEarlierAndHowToRetry()
{
    const auto done = [](std::size_t accepted, std::size_t rejectedEarlier) {
        delivery::UploadReport report;
        report.accepted = accepted;
        report.rejectedEarlier = rejectedEarlier;
        return report;
    };
    const UploadResult result{.queuedAgain = {},
                              .uploads = {{enrollment::DestinationName{"a"}, done(1, 2)},
                                          {enrollment::DestinationName{"b"}, done(0, 1)},
                                          {enrollment::DestinationName{"c"}, done(1, 0)}}};

    const auto document = uploadDocument(result);
    QCOMPARE(document.value(QStringLiteral("rejectedEarlier")).toInt(), 3);
    const auto destinations = document.value(QStringLiteral("destinations")).toArray();
    QCOMPARE(destinations.at(0).toObject().value(QStringLiteral("rejectedEarlier")).toInt(), 2);
    const auto text = uploadText(result);
    QVERIFY2(text.find("  2 records are rejected, 2 of them earlier. ") != std::string::npos, text.c_str());
    QVERIFY(text.find("--retry REGISTRATION_ID\", or --retry-rejected") != std::string::npos);
    QVERIFY(text.ends_with("c: 1 accepted, 0 rejected, 0 left\n"));
}

void TestResultDocuments::uploadTellsWhatWasSetAside()
{
    UploadResult result;
    result.setAside.records = {{enrollment::DestinationName{"a"}, enrollment::RegistrationId{"def"}}};
    result.setAside.delivered = {{enrollment::DestinationName{"a"}, enrollment::RegistrationId{"ghi"}}};
    result.uploads.push_back({enrollment::DestinationName{"a"}, {}});
    result.uploads.front().report.setAside = 2;

    const auto now = uploadDocument(result).value(QStringLiteral("setAside")).toArray();
    QCOMPARE(now.size(), 1);
    QCOMPARE(member(now.at(0).toObject(), "registrationId"), QStringLiteral("def"));
    const auto text = uploadText(result);
    QVERIFY2(text.starts_with("a: set aside def\n"), text.c_str());
    QCOMPARE(uploadDocument(result).value(QStringLiteral("foundDelivered")).toArray().size(), 1);
    QVERIFY2(text.find("delivered and not set aside: ghi\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("  2 records are set aside and not sent. ") != std::string::npos, text.c_str());
}

void TestResultDocuments::uploadTellsWhatWasRefusedAlike()
{
    delivery::UploadReport report;
    report.left = 30;
    report.refusedAlike.assign(30, {enrollment::RegistrationId{"def"}, CloudCode::RefusesAll, "400208 No hub"});
    UploadResult result;
    result.uploads.push_back({enrollment::DestinationName{"a"}, report});

    const auto destination = uploadDocument(result).value(QStringLiteral("destinations")).toArray().at(0).toObject();
    const auto refused = destination.value(QStringLiteral("refusedAlike")).toArray();
    QCOMPARE(refused.size(), 30);
    QCOMPARE(member(refused.at(0).toObject(), "reason"), QStringLiteral("400208 No hub"));
    const auto text = uploadText(result);
    QVERIFY2(text.find("U-416  def\n    400208 No hub\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("and 10 more") != std::string::npos, text.c_str());
    QVERIFY2(text.find("--set-aside REGISTRATION_ID") != std::string::npos, text.c_str());
}

void TestResultDocuments::registrationTellsHubAndDevice()
{
    const db::registration::Assignment assignment{.hub = "hub-1.example.net",
                                                  .deviceId = "device-1",
                                                  .registrationId = enrollment::RegistrationId{"abc"},
                                                  .status = "assigned",
                                                  .substatus = ""};
    const db::registration::RegistrationOrder order{.serviceUrl = "https://x",
                                                    .idScope = "s",
                                                    .registrationId = enrollment::RegistrationId{"abc"},
                                                    .caFile = {},
                                                    .endorsementKey = {}};
    const auto document = registrationDocument(assignment, order, "tcp://127.0.0.1:1");
    QCOMPARE(member(document, "hub"), QStringLiteral("hub-1.example.net"));
    QCOMPARE(member(document, "deviceId"), QStringLiteral("device-1"));
    QVERIFY(document.value(QStringLiteral("substatus")).isNull());
}

void TestResultDocuments::configValuesFollowTheFile()
{
    config::StationConfig station;
    station.slots = {{1, "tcp://127.0.0.1:2321"}};
    station.origins["slot.1.device"] = "station.toml:7";
    const auto values = configValues(station);
    const ConfigValue slot{"slot.1.device", "tcp://127.0.0.1:2321", "station.toml:7"};
    QVERIFY(std::ranges::find(values, slot) != values.end());
    QVERIFY(configText(values, OriginColumn::Shown).find("# station.toml:7") != std::string::npos);
    QVERIFY(configText(values, OriginColumn::Hidden).find('#') == std::string::npos);
}

/// A key that is read and not shown would be set without anybody seeing it.
void TestResultDocuments::configValuesLeaveNoKeyOut()
{
    config::StationConfig station;
    station.slots = {{1, "tcp://127.0.0.1:2321"}};
    station.destinations = {{enrollment::DestinationName{"cloud"}, config::DpsSettings{}}};
    std::set<std::string> shown{"schema", "slot.number", "destination.name"}; // a number and a name stand in the keys
    shown.insert("slot.usb_port"); // a shorter way to write what slot.device shows
    for (const auto& [key, value, origin] : configValues(station)) {
        auto name = QString::fromStdString(key);
        name.replace(QLatin1String("slot.1."), QLatin1String("slot."));
        shown.insert(name.replace(QLatin1String("destination.cloud."), QLatin1String("destination.")).toStdString());
    }
    const auto read = config::stationConfigKeys();
    QCOMPARE(shown, (std::set<std::string>{read.begin(), read.end()}));
}

void TestResultDocuments::aTextOfARunStaysInItsLine()
{
    enrollment::AttestationRun run;
    run.outcome = Outcome::Fail;
    run.headline = "bad\nPASS";
    run.nextStep = "RED bin.\nPASS";
    run.serialNumber = enrollment::SerialNumber{"GX-1\nPASS"};
    run.findings = {{"software-tpm", attestation::Severity::Fail, "bad\nPASS", {}}};
    std::ostringstream out;
    const Output output{out, out};
    QVERIFY(runText(run, output).find("\nPASS") == std::string::npos);
    QVERIFY(notUnderstoodText({{"a\nPASS"}}).find("\nPASS") == std::string::npos);

    db::review::RunPage page;
    page.rows.emplace_back().serialNumber = enrollment::SerialNumber{"GX-1\nPASS"};
    QVERIFY(runListText(page, output).find("\nPASS") == std::string::npos);

    UploadResult upload;
    upload.uploads.push_back({enrollment::DestinationName{"cloud\nPASS"}, {}});
    upload.uploads.front().report.rejected.push_back(
        {enrollment::RegistrationId{"a\nPASS"}, CloudCode::HasOtherKey, "h\nPASS", "n\nPASS", "r\nPASS"});
    QVERIFY(uploadText(upload).find("\nPASS") == std::string::npos);
}

void TestResultDocuments::aWordThatIsNotKnownControlsNothing_data()
{
    QTest::addColumn<std::string>("word");
    QTest::newRow("line") << std::string{"parked\nPASS"};
    QTest::newRow("terminal") << std::string{"\x1b[2J"};
    QTest::newRow("colour of a pass") << std::string{"\x1b[1;32mPASS\x1b[0m"};
    QTest::newRow("writing direction") << std::string{"\u202ESSAP"};
}

/// A word of a document that a newer program may have written, or somebody else.
void TestResultDocuments::aWordThatIsNotKnownControlsNothing()
{
    QFETCH(const std::string, word);
    enrollment::AttestationRun run;
    run.outcome = Word<Outcome>::unknown(word);
    run.code = Word<ErrorCode>::unknown(word);
    run.findings = {{"other", Word<attestation::Severity>::unknown(word), "bad", {}}};
    run.endorsementKey.emplace().certificate.emplace().path = Word<crypto::PathResult>::unknown(word);
    run.record.emplace().destinations.push_back(
        {enrollment::DestinationName{word}, Word<enrollment::RecordState>::unknown(word), word, word});
    db::review::RunRow row;
    row.outcome = run.outcome;
    row.code = run.code;
    row.recordState = Word<enrollment::RecordState>::unknown(word);

    std::ostringstream out;
    Output output{out, out};
    output.setStyle({.colour = Colour::Ansi});
    for (const auto& text : {runText(run, output), runListText({.rows = {row}, .next = {}}, output)}) {
        QVERIFY2(text.find(word) == std::string::npos, text.c_str());
        QVERIFY2(text.find('\x1b') == std::string::npos && text.find("\nPASS") == std::string::npos, text.c_str());
        QVERIFY2(text.find("\uFFFD") != std::string::npos, text.c_str());
    }
}

void TestResultDocuments::aListOfRunsNamesItsColumns()
{
    std::ostringstream out;
    const Output output{out, out};
    auto held = heldRun();
    held.batch = enrollment::BatchId{"WO-4711"};
    held.operatorId = enrollment::OperatorId{"ana"};
    const auto text = runListText({.rows = {held}, .next = {}}, output);
    const auto head = text.substr(0, text.find('\n'));
    const auto row = text.substr(head.size() + 1);
    QVERIFY2(head.starts_with("STARTED"), head.c_str());
    QCOMPARE(head.find("OUTCOME"), row.find("HOLD"));
    QCOMPARE(head.find("CODE"), row.find("D-122"));
    QCOMPARE(head.find("SERIAL NUMBER"), row.find("GX-000001"));
    QCOMPARE(head.find("RECORD"), row.find("-  ", row.find("GX-000001") + 9));
    QCOMPARE(head.find("BATCH"), row.find("WO-4711"));
    QCOMPARE(head.find("OPERATOR"), row.find("ana"));
    QCOMPARE(head.find("RUN"), row.find("018f0000-0000-7000-8000-000000000001"));
    QCOMPARE(runListText({}, output), std::string{"no runs\n"});
}

void TestResultDocuments::runTextStartsWithOutcomeCodeAndHeadline()
{
    enrollment::AttestationRun run;
    run.outcome = Outcome::Fail;
    run.code = DeviceCode::SoftwareTpmRefused;
    run.headline = "This is a software TPM.";
    run.nextStep = "RED bin.";
    std::ostringstream out;
    const Output output{out, out};
    QVERIFY(runText(run, output).starts_with("FAIL  D-126  This is a software TPM.\n  RED bin.\n"));
}

void TestResultDocuments::runTextNamesTheIdOfAFinding()
{
    enrollment::AttestationRun run;
    run.outcome = Outcome::Hold;
    run.findings = {{"ek-certificate-manufacturer", attestation::Severity::Hold, "The certificate names another.", {}}};
    std::ostringstream out;
    const Output output{out, out};
    const auto text = runText(run, output);
    QVERIFY2(text.find("  hold             ek-certificate-manufacturer: The certificate names another.\n") !=
                 std::string::npos,
             text.c_str());
}

void TestResultDocuments::runTextTellsWhenWhereAndByWhom()
{
    enrollment::AttestationRun run;
    std::ostringstream out;
    const Output output{out, out};
    const auto tells = [&](const std::string& name, const std::string& value) {
        const auto text = runText(run, output);
        const auto begin = text.find("\n  " + name + " ");
        return begin != std::string::npos &&
               text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1).ends_with(' ' + value);
    };
    for (const auto* absent : {"started", "station", "slot", "device", "batch", "operator", "failed step"}) {
        QVERIFY2(runText(run, output).find(std::string{"\n  "} + absent) == std::string::npos, absent);
    }
    run.startedAt = fromIso8601("2026-11-23T20:14:03Z").value();
    run.stationId = enrollment::StationId{"ST-07"};
    run.slot = {3};
    run.device = "tcp://10.0.0.3:2321";
    run.batch = enrollment::BatchId{"WO-4711"};
    run.operatorId = enrollment::OperatorId{"ana"};
    QVERIFY(tells("started", "2026-11-23T20:14:03.000Z"));
    QVERIFY(tells("station", "ST-07"));
    QVERIFY(tells("slot", "3"));
    QVERIFY(tells("device", "tcp://10.0.0.3:2321"));
    QVERIFY(tells("batch", "WO-4711"));
    QVERIFY(tells("operator", "ana"));
}

void TestResultDocuments::runTextTellsWhatFailed()
{
    enrollment::AttestationRun run;
    run.steps = {{attestation::AttestationStep::Connect, attestation::StepOutcome::Failed, {}, "Connection refused"},
                 {attestation::AttestationStep::IdentifyTpm, attestation::StepOutcome::Skipped, {}, {}}};
    std::ostringstream out;
    const Output output{out, out};
    const auto text = runText(run, output);
    QVERIFY2(text.find("connect: Connection refused\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("identify-tpm") == std::string::npos, text.c_str());
}

void TestResultDocuments::runTextTellsNoCertificateFromOneThatNobodyLookedFor_data()
{
    using attestation::AttestationStep;
    using attestation::StepOutcome;
    using Steps = std::vector<attestation::StepRecord>;
    constexpr auto kVerify = AttestationStep::VerifyEkCertificate;
    QTest::addColumn<Steps>("steps");
    QTest::addColumn<std::string>("said");
    const attestation::StepRecord read{AttestationStep::ReadEndorsementKey, StepOutcome::Ok, {}, {}};
    const auto row = [&](const char* name, StepOutcome outcome, const char* said) {
        QTest::newRow(name) << Steps{read, {kVerify, outcome, {}, {}}} << std::string{said};
    };
    row("looked for", StepOutcome::Ok, "none");
    row("looked for, and the profile wants one", StepOutcome::Finding, "none");
    row("ended before", StepOutcome::Skipped, "not read");
    row("ended while it was looked for", StepOutcome::Failed, "not read");
    QTest::newRow("no such step") << Steps{read} << std::string{"not read"};
}

void TestResultDocuments::runTextTellsNoCertificateFromOneThatNobodyLookedFor()
{
    QFETCH(const std::vector<attestation::StepRecord>, steps);
    QFETCH(const std::string, said);
    enrollment::AttestationRun run;
    run.endorsementKey.emplace();
    run.steps = steps;
    std::ostringstream out;
    const Output output{out, out};
    const auto text = runText(run, output);
    QVERIFY2(text.find("\n  EK certificate   " + said + "\n") != std::string::npos, text.c_str());
}

void TestResultDocuments::runTextOfARunThatIsNowhereLeadsNowhere()
{
    enrollment::AttestationRun run;
    run.outcome = Outcome::Pass;
    run.nextStep = "Take the device out.";
    run.runId = enrollment::RunId{"018f0000-0000-7000-8000-000000000001"};
    std::ostringstream out;
    const Output output{out, out};
    const auto kept = runText(run, output);
    QVERIFY2(kept.find("018f0000") != std::string::npos && kept.find("Take the device out.") != std::string::npos,
             kept.c_str());
    const auto nowhere = runText(run, output, Kept::Nowhere);
    QVERIFY2(nowhere.find("018f0000") == std::string::npos, nowhere.c_str());
    QVERIFY2(nowhere.find("not recorded (enroll records it)") != std::string::npos, nowhere.c_str());
    QVERIFY2(nowhere.find("Take the device out.") == std::string::npos, nowhere.c_str());
    QVERIFY2(nowhere.find("It is not enrolled yet: enrollctl enroll does that.") != std::string::npos, nowhere.c_str());
}

void TestResultDocuments::timesAreTakenAsDateOrMoment()
{
    const auto date = timeOption("--since", "2026-11-23");
    QVERIFY(date.ok() && date->has_value());
    QCOMPARE(toIso8601(**date), std::string{"2026-11-23T00:00:00.000Z"});
    const auto moment = timeOption("--since", "2026-11-23T20:14:03Z");
    QCOMPARE(toIso8601(**moment), std::string{"2026-11-23T20:14:03.000Z"});
    QVERIFY(!timeOption("--since", "")->has_value());
}

void TestResultDocuments::timesThatAreNoneNameTheirOption()
{
    const auto time = timeOption("--until", "2026-13-01");
    QVERIFY(!time.ok());
    QCOMPARE(time.error().code, StationCode::UsageInvalid);
    QVERIFY(time.error().what.find("--until") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestResultDocuments)
#include "tst_result_documents.moc"
