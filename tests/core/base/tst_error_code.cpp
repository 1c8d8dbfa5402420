#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/error.h"
#include "core/base/hold_code.h"
#include "core/base/scan_code.h"
#include "core/base/service_code.h"
#include "core/base/station_code.h"

#include <QtTest>

#include <algorithm>
#include <map>
#include <set>

using namespace enroll;

class TstErrorCode : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyEnumeratorOfEveryFamilyHasItsRow();
    void everyTextIsItsOwn();
    void textsHaveLetterAndThreeDigits();
    void everyTextLeadsBackToItsCode();
    void unknownTextLeadsNowhere();
    void headlinesAreShortSentences();
    void everyCodeHasAnInstruction();
    void nextStepAndInstructionAgree();
    void instructionsFollowTheOutcome();
    void onlyDeviceAndHoldCodesJudgeTheDevice();
    void cloudBarcodeAndServiceCodesEndNoRun();
    void runsOfTheFirstVersionKeepTheirCode();
    void instructionsOfManyCausesNameNone();
    void whatIsMissingIsNotTheTechniciansToMake();
    void headlineTakesTheSubject();
    void logLineHoldsEverything();
    void outcomesHaveTheirWords();
};

void TstErrorCode::everyEnumeratorOfEveryFamilyHasItsRow()
{
    QCOMPARE(allCodes().size(), kAllDeviceCodes.size() + kAllHoldCodes.size() + kAllScanCodes.size() +
                                    kAllStationCodes.size() + kAllCloudCodes.size() + kAllServiceCodes.size());
    for (const auto& row : allCodes()) {
        QCOMPARE(describe(row.code).text, row.text);
    }
    QCOMPARE(describe(CloudCode::TimedOut).text, std::string_view{"U-504"});
}

void TstErrorCode::everyTextIsItsOwn()
{
    std::set<std::string_view> seen;
    for (const auto& row : allCodes()) {
        QVERIFY2(seen.insert(row.text).second, row.text.data());
    }
}

void TstErrorCode::textsHaveLetterAndThreeDigits()
{
    for (const auto& row : allCodes()) {
        const bool shaped = row.text.size() == 5 && std::string_view{"DHBSUP"}.find(row.text[0]) != std::string::npos &&
                            row.text[1] == '-' &&
                            std::ranges::all_of(row.text.substr(2), [](char c) { return c >= '0' && c <= '9'; });
        QVERIFY2(shaped, row.text.data());
    }
}

void TstErrorCode::everyTextLeadsBackToItsCode()
{
    for (const auto& row : allCodes()) {
        QCOMPARE(errorCodeFromText(row.text), std::optional{row.code});
    }
}

void TstErrorCode::unknownTextLeadsNowhere()
{
    for (const auto* text : {"", "D-999", "d-101", "D-101 ", "D101", "X-101", "U-101"}) {
        QVERIFY(!errorCodeFromText(text).has_value());
    }
}

void TstErrorCode::headlinesAreShortSentences()
{
    constexpr auto kMostSpaces = 11; // between twelve words
    for (const auto& row : allCodes()) {
        QVERIFY2(row.headline.ends_with('.'), row.text.data());
        QVERIFY2(std::ranges::count(row.headline, ' ') <= kMostSpaces, row.text.data());
    }
}

void TstErrorCode::everyCodeHasAnInstruction()
{
    for (const auto& row : allCodes()) {
        QVERIFY2(!row.instruction.empty() && row.instruction.ends_with('.') != row.instruction.ends_with('?'),
                 row.text.data());
    }
}

/// Programs branch on the step, hands follow the text: both must mean the same.
void TstErrorCode::nextStepAndInstructionAgree()
{
    const std::map<NextStep, std::string_view> words{
        {NextStep::TestAgain, "again"}, {NextStep::ReseatDevice, "Reseat the device"},
        {NextStep::RedBin, "RED bin"},  {NextStep::HoldShelf, "HOLD shelf"},
        {NextStep::ScanAgain, "can"},   {NextStep::CallQuality, "Quality"},
        {NextStep::CallIt, "IT: "},     {NextStep::CallTechnician, "Call maintenance"},
    };
    for (const auto& row : allCodes()) {
        const auto word = words.find(row.next);
        QVERIFY2(word == words.end() || row.instruction.find(word->second) != std::string_view::npos, row.text.data());
        QVERIFY2(!row.instruction.starts_with("Reseat") || row.next == NextStep::ReseatDevice, row.text.data());
        QVERIFY2(!row.instruction.starts_with("Test again") || row.next == NextStep::TestAgain, row.text.data());
    }
}

/// A profile may fail what is held else, and hold what fails else: then hands follow the outcome.
void TstErrorCode::instructionsFollowTheOutcome()
{
    const auto leadsTo = [](const Instruction& instruction, std::string_view place) {
        return instruction.text.find(place) != std::string_view::npos;
    };
    for (const auto& row : allCodes()) {
        if (row.verdict) {
            QVERIFY(instructionFor(row.code, *row.verdict).text == row.instruction);
            QVERIFY(instructionFor(row.code, *row.verdict).next == row.next);
        }
        if (row.verdict != Outcome::Fail && row.verdict != Outcome::Hold) {
            continue;
        }
        const auto failed = instructionFor(row.code, Outcome::Fail);
        QVERIFY2(leadsTo(failed, "RED bin") || row.verdict == Outcome::Fail, row.text.data());
        QVERIFY2(!leadsTo(failed, "HOLD shelf") && failed.next != NextStep::HoldShelf, row.text.data());
        const auto held = instructionFor(row.code, Outcome::Hold);
        QVERIFY2(leadsTo(held, "HOLD shelf") || row.verdict == Outcome::Hold, row.text.data());
        QVERIFY2(!leadsTo(held, "RED bin") && held.next != NextStep::RedBin, row.text.data());
    }
}

void TstErrorCode::onlyDeviceAndHoldCodesJudgeTheDevice()
{
    for (const auto& row : allCodes()) {
        const bool judges = row.verdict == Outcome::Fail || row.verdict == Outcome::Hold;
        QVERIFY2(!judges || row.text[0] == 'D' || row.text[0] == 'H', row.text.data());
        QVERIFY2(row.text[0] != 'S' || row.verdict == Outcome::StationFault, row.text.data());
        QVERIFY2(row.verdict != Outcome::Pass, row.text.data());
    }
}

void TstErrorCode::cloudBarcodeAndServiceCodesEndNoRun()
{
    for (const auto& row : allCodes()) {
        const bool apart = row.text[0] == 'U' || row.text[0] == 'B' || row.text[0] == 'P';
        QVERIFY2(apart == !row.verdict.has_value(), row.text.data());
    }
}

/// Nothing makes S-332 any more. Stored runs hold it, and are read and shown with its words.
void TstErrorCode::runsOfTheFirstVersionKeepTheirCode()
{
    const auto stored = errorCodeFromText("S-332");
    QVERIFY(stored.has_value());
    QCOMPARE(stored->family(), CodeFamily::Station);
    QCOMPARE(describe(*stored).headline, std::string_view{"The input cannot be used."});
}

/// A file that is missing has no line, and a profile whose makers nobody trusts no id: what is wrong stands before it.
void TstErrorCode::instructionsOfManyCausesNameNone()
{
    for (const auto code : {StationCode::ConfigurationInvalid, StationCode::NothingFound}) {
        const auto instruction = describe(code).instruction;
        QVERIFY2(instruction.find("what is named") != std::string_view::npos, instruction.data());
        for (const auto* cause : {" line", " id ", "directory"}) {
            QVERIFY2(instruction.find(cause) == std::string_view::npos, instruction.data());
        }
    }
}

/// S-339 ends a test where nobody is trusted, and a command that names what is not there: on a tile a person with a device in
/// hand reads it, who can make nothing.
void TstErrorCode::whatIsMissingIsNotTheTechniciansToMake()
{
    const auto& row = describe(StationCode::NothingFound);
    QVERIFY(row.next == NextStep::CallIt);
    QVERIFY2(row.instruction.starts_with("Keep any device. IT: "), row.instruction.data());
}

void TstErrorCode::headlineTakesTheSubject()
{
    auto error = makeError(HoldCode::EkEnrolledElsewhere, "same fingerprint");
    QCOMPARE(headlineOf(error), std::string{"This TPM is already enrolled as another device."});
    error.subject = "GX-000118";
    QCOMPARE(headlineOf(error), std::string{"This TPM is already enrolled as GX-000118."});
    QCOMPARE(error.next(), NextStep::CallQuality);
}

void TstErrorCode::logLineHoldsEverything()
{
    auto error = makeError(DeviceCode::TpmRefusedCommand, "refused", "TPM2_Import", TssCode{0x1DF});
    error.trail = {"first", "second"};
    QCOMPARE(describeForLog(error),
             std::string{"D-109: refused [TPM2_Import] (TPM response code 0x1DF); first; second"});
    QCOMPARE(describeForLog(makeError(CloudCode::Busy, "slow", {}, HttpStatus{429})),
             std::string{"U-429: slow (HTTP 429)"});
    QCOMPARE(
        describeForLog(makeError(StationCode::FileUnusable, "f cannot be read: Permission denied", "open", Errno{13})),
        std::string{"S-333: f cannot be read: Permission denied [open]"}); // the reason is said once
    const auto fault = makeError(StationCode::InternalFault, "cannot be");
    QCOMPARE(describeForLog(fault), "S-399: cannot be; at tst_error_code.cpp:" + std::to_string(fault.where.line));
}

void TstErrorCode::outcomesHaveTheirWords()
{
    QVERIFY(outcomeText(Outcome::Pass) == "pass");
    QVERIFY(outcomeText(Outcome::Fail) == "fail");
    QVERIFY(outcomeText(Outcome::Hold) == "hold");
    QVERIFY(outcomeText(Outcome::StationFault) == "station-fault");
    QVERIFY(outcomeText(Outcome::Aborted) == "aborted");
}

QTEST_APPLESS_MAIN(TstErrorCode)
#include "tst_error_code.moc"
