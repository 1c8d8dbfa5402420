#include "db/duty/duty_document.h"

#include "db/documents/member_reader.h"
#include "db/qt/values.h"

#include <QJsonArray>

#include <algorithm>

namespace enroll::db::duty {

using documents::MemberReader;
using documents::VersionReader;
using qt::toQString;
using station::KeptOrder;

namespace {

constexpr std::size_t kLongestBatch = 64;    // of a code that is scanned
constexpr std::size_t kLongestOperator = 64; // of the file of people

QJsonObject toJson(const KeptOrder& order)
{
    return {{QLatin1String("batch"), toQString(order.batch.text())},
            {QLatin1String("takenAt"), toQString(toIso8601(order.takenAt))}};
}

Result<std::optional<KeptOrder>> readOrderIfAny(const MemberReader& reader)
{
    TRY_ASSIGN(const auto order, reader.objectIfAny("order"));
    if (!order) {
        return std::optional<KeptOrder>{};
    }
    TRY_ASSIGN(auto batch, order->text("batch"));
    TRY_ASSIGN(const auto takenAt, order->time("takenAt"));
    if (batch.empty() || batch.size() > kLongestBatch) {
        return order->fault("batch", "has " + std::to_string(batch.size()) + " characters");
    }
    return std::optional{KeptOrder{enrollment::BatchId{std::move(batch)}, takenAt}};
}

QJsonObject toJson(const station::Shift& shift)
{
    return {{QLatin1String("startedAt"), toQString(toIso8601(*shift.startedAt))}, {QLatin1String("over"), shift.over}};
}

Result<station::Shift> readShiftIfAny(const MemberReader& reader)
{
    TRY_ASSIGN(const auto shift, reader.objectIfAny("shift"));
    if (!shift) {
        return station::Shift{};
    }
    TRY_ASSIGN(const auto startedAt, shift->time("startedAt"));
    TRY_ASSIGN(const bool over, shift->boolean("over"));
    return station::Shift{startedAt, over};
}

QJsonArray toJson(const std::vector<station::KeptTries>& all)
{
    QJsonArray list;
    for (const auto& tries : all) {
        list.append(QJsonObject{{QLatin1String("operator"), toQString(tries.person.text())},
                                {QLatin1String("wrongPins"), tries.wrong},
                                {QLatin1String("waits"), tries.waits}});
    }
    return list;
}

Result<station::KeptTries> readTries(const MemberReader& reader)
{
    TRY_ASSIGN(auto person, reader.text("operator"));
    TRY_ASSIGN(const auto wrong, reader.integerAs<int>("wrongPins"));
    TRY_ASSIGN(const bool waits, reader.boolean("waits"));
    if (person.empty() || person.size() > kLongestOperator) {
        return reader.fault("operator", "has " + std::to_string(person.size()) + " characters");
    }
    if (wrong < 1) {
        return reader.fault("wrongPins", "is less than 1");
    }
    return station::KeptTries{enrollment::OperatorId{std::move(person)}, wrong, waits};
}

Result<std::vector<station::KeptTries>> readAllTriesIfAny(const MemberReader& reader)
{
    std::vector<station::KeptTries> all;
    if (reader.isAbsent("tries")) {
        return all;
    }
    TRY_ASSIGN(const auto entries, reader.objects("tries"));
    for (const auto& entry : entries) {
        TRY_ASSIGN(auto tries, readTries(entry));
        if (std::ranges::find(all, tries.person, &station::KeptTries::person) != all.end()) {
            return entry.fault("operator", "is there twice");
        }
        all.push_back(std::move(tries));
    }
    return all;
}

Result<std::int64_t> readUnsavedActsIfAny(const MemberReader& reader)
{
    if (reader.isAbsent("unsavedActs")) {
        return std::int64_t{0};
    }
    TRY_ASSIGN(const auto count, reader.integer("unsavedActs"));
    return count < 1 ? reader.fault("unsavedActs", "is less than 1") : Result<std::int64_t>{count};
}

Result<FiledDuty> readVersion1(const MemberReader& reader)
{
    TRY_ASSIGN(auto order, readOrderIfAny(reader));
    TRY_ASSIGN(const auto shift, readShiftIfAny(reader));
    TRY_ASSIGN(auto tries, readAllTriesIfAny(reader));
    const bool saysLocked = !reader.isAbsent("locked");
    TRY_ASSIGN(const bool locked, saysLocked ? reader.boolean("locked") : Result<bool>{false});
    TRY_ASSIGN(const auto unsavedActs, readUnsavedActsIfAny(reader));
    return FiledDuty{{std::move(order), shift, std::move(tries), locked}, unsavedActs};
}

constexpr std::array kReaders{
    VersionReader<FiledDuty>{1, readVersion1},
};

} // namespace

QByteArray dutyText(const FiledDuty& filed)
{
    const auto& duty = filed.duty;
    QJsonObject document{{QLatin1String("schema"), toQString(kDutySchema)}};
    if (duty.order) {
        document.insert(QLatin1String("order"), toJson(*duty.order));
    }
    if (duty.shift.startedAt) {
        document.insert(QLatin1String("shift"), toJson(duty.shift));
    }
    if (!duty.tries.empty()) {
        document.insert(QLatin1String("tries"), toJson(duty.tries));
    }
    if (duty.locked) {
        document.insert(QLatin1String("locked"), true);
    }
    if (filed.unsavedActs > 0) {
        document.insert(QLatin1String("unsavedActs"), qint64{filed.unsavedActs});
    }
    return documents::readableJson(document);
}

Result<FiledDuty> dutyFromText(ByteView text)
{
    TRY_ASSIGN(const auto document, documents::parseJsonObject(text));
    return documents::readByVersion(MemberReader{document}, kDutyDocument, kReaders);
}

} // namespace enroll::db::duty
