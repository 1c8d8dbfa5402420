#include "tests/app/desktop/shift_journal.h"

#include "db/journal/open_journal.h"
#include "db/review/journal_reader.h"
#include "tests/support/must.h"

#include <QByteArray>
#include <QtGlobal>

#include <algorithm>

namespace enroll::test {

std::map<QString, QStringList> enrolledKeys(const std::filesystem::path& data)
{
    std::map<QString, QStringList> keys;
    if (!must(db::journal::hasJournal(data))) {
        return keys;
    }
    const auto note = [&keys](const enrollment::EnrollmentRecord& record,
                              const enrollment::RecordSummary&) -> Result<void> {
        const QByteArray key(reinterpret_cast<const char*>(record.endorsementKey.data()),
                             static_cast<qsizetype>(record.endorsementKey.size()));
        keys[QString::fromStdString(record.serialNumber.text())] << QString::fromLatin1(key.toBase64());
        return {};
    };
    if (!must(must(db::review::JournalReader::open(data))->records().forEach({}, note)).empty()) {
        qFatal("a record of the station is not understood");
    }
    return keys;
}

QStringList wronglyPaired(const std::map<QString, QStringList>& enrolled, std::span<LabelledDevice* const> devices)
{
    QStringList wrong;
    for (const auto& [label, keys] : enrolled) {
        const auto device = std::ranges::find(devices, label, [](const auto* one) { return one->label(); });
        if (device == devices.end() || keys != QStringList{(*device)->publicKey()}) {
            wrong << label;
        }
    }
    return wrong;
}

} // namespace enroll::test
