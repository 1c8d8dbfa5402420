#include "db/slot_memory/kept_tests_document.h"

#include "core/base/station_code.h"
#include "db/documents/member_reader.h"
#include "db/qt/values.h"

namespace enroll::db::slot_memory {

using documents::MemberReader;
using documents::VersionReader;
using enrollment::ProductProfile;
using enrollment::RunId;
using enrollment::SerialNumber;
using enrollment::SlotNumber;
using qt::toQString;
using station::KeptTest;
using station::KeptTests;

namespace {

std::optional<std::string> serialText(const KeptTest& test)
{
    return test.serial ? std::optional{test.serial->text()} : std::nullopt;
}

QJsonObject entryOf(SlotNumber slot, const KeptTest& test)
{
    QJsonObject entry{
        {QLatin1String("slot"), slot.value},
        {QLatin1String("serialNumber"), documents::textOrNull(serialText(test))},
        {QLatin1String("startedAt"), toQString(toIso8601(test.startedAt))},
        {QLatin1String("device"), toQString(test.device)},
        {QLatin1String("runId"), documents::textOrNull(test.runId ? std::optional{test.runId->text()} : std::nullopt)}};
    if (!test.profile.empty()) {
        entry.insert(QLatin1String("profile"), toQString(test.profile));
    }
    return entry;
}

/// None where it is absent; none is empty.
Result<std::optional<std::string>> nonEmptyTextIfAny(const MemberReader& reader, const char* name)
{
    TRY_ASSIGN(auto text, reader.textIfAny(name));
    return text && text->empty() ? Result<std::optional<std::string>>{reader.fault(name, "is empty")} : std::move(text);
}

Result<KeptTest> readTest(const MemberReader& reader)
{
    TRY_ASSIGN(auto serial, nonEmptyTextIfAny(reader, "serialNumber"));
    TRY_ASSIGN(const auto startedAt, reader.time("startedAt"));
    TRY_ASSIGN(auto device, nonEmptyTextIfAny(reader, "device"));
    TRY_ASSIGN(auto runId, nonEmptyTextIfAny(reader, "runId"));
    TRY_ASSIGN(auto profile, nonEmptyTextIfAny(reader, "profile"));
    if (!device) {
        return reader.fault("device", "is missing");
    }
    if (runId && !serial) {
        return reader.fault("serialNumber", "is missing beside a runId");
    }
    return KeptTest{serial ? std::optional{SerialNumber{std::move(*serial)}} : std::nullopt, startedAt,
                    runId ? std::optional{RunId{std::move(*runId)}} : std::nullopt, std::move(*device),
                    profile.value_or(std::string{})};
}

Result<KeptTests> readVersion1(const MemberReader& reader)
{
    TRY_ASSIGN(const auto entries, reader.objects("slots"));
    KeptTests tests;
    for (const auto& entry : entries) {
        TRY_ASSIGN(const auto number, entry.integerAs<int>("slot"));
        TRY_ASSIGN(auto test, readTest(entry));
        if (number < 1 || !tests.emplace(SlotNumber{number}, std::move(test)).second) {
            return entry.fault("slot", "is " + std::to_string(number) + (number < 1 ? "" : " twice"));
        }
    }
    return tests;
}

/// A serial number of another profile, or of one that was changed since, has the form that every product's has.
Result<void> requireSerials(const KeptTests& tests, const ProductProfile& profile)
{
    const ProductProfile any;
    for (const auto& [slot, test] : tests) {
        const bool isOfProfile = !test.profile.empty() && test.profile == profile.stamp.sha256;
        if (!test.serial) {
            continue;
        }
        if (const auto known = enrollment::parseSerialNumber(test.serial->text(), isOfProfile ? profile : any);
            !known.ok()) {
            return makeError(StationCode::DocumentMalformed,
                             "the serial number of slot " + std::to_string(slot.value) +
                                 " is none that this station takes: " + known.error().what,
                             "read a document");
        }
    }
    return {};
}

constexpr std::array kReaders{
    VersionReader<KeptTests>{1, readVersion1},
};

} // namespace

QByteArray keptTestsText(const KeptTests& tests)
{
    QJsonArray entries;
    for (const auto& [slot, test] : tests) {
        entries.append(entryOf(slot, test));
    }
    return documents::readableJson(
        QJsonObject{{QLatin1String("schema"), toQString(kKeptTestsSchema)}, {QLatin1String("slots"), entries}});
}

Result<KeptTests> keptTestsFromText(ByteView text, const ProductProfile& profile)
{
    TRY_ASSIGN(const auto document, documents::parseJsonObject(text));
    TRY_ASSIGN(auto tests, documents::readByVersion(MemberReader{document}, kKeptTestsDocument, kReaders));
    TRY(requireSerials(tests, profile));
    return tests;
}

} // namespace enroll::db::slot_memory
