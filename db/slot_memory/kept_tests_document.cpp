#include "db/slot_memory/kept_tests_document.h"

#include "db/documents/member_reader.h"
#include "db/qt/values.h"

namespace enroll::db::slot_memory {

using documents::MemberReader;
using documents::VersionReader;
using enrollment::RunId;
using enrollment::SerialNumber;
using enrollment::SlotNumber;
using qt::toQString;
using station::KeptTest;
using station::KeptTests;

namespace {

QJsonObject entryOf(SlotNumber slot, const KeptTest& test)
{
    return {
        {QLatin1String("slot"), slot.value},
        {QLatin1String("serialNumber"), toQString(test.serial.text())},
        {QLatin1String("startedAt"), toQString(toIso8601(test.startedAt))},
        {QLatin1String("device"), toQString(test.device)},
        {QLatin1String("runId"), documents::textOrNull(test.runId ? std::optional{test.runId->text()} : std::nullopt)}};
}

Result<std::string> nonEmptyText(const MemberReader& reader, const char* name)
{
    TRY_ASSIGN(auto text, reader.text(name));
    return text.empty() ? Result<std::string>{reader.fault(name, "is empty")} : std::move(text);
}

Result<KeptTest> readTest(const MemberReader& reader)
{
    TRY_ASSIGN(auto serial, nonEmptyText(reader, "serialNumber"));
    TRY_ASSIGN(const auto startedAt, reader.time("startedAt"));
    KeptTest test{SerialNumber{std::move(serial)}, startedAt};
    TRY_ASSIGN(test.device, nonEmptyText(reader, "device"));
    if (!reader.isAbsent("runId")) {
        TRY_ASSIGN(auto id, nonEmptyText(reader, "runId"));
        test.runId = RunId{std::move(id)};
    }
    return test;
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

Result<KeptTests> keptTestsFromText(ByteView text)
{
    TRY_ASSIGN(const auto document, documents::parseJsonObject(text));
    return documents::readByVersion(MemberReader{document}, kKeptTestsDocument, kReaders);
}

} // namespace enroll::db::slot_memory
