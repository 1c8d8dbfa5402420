#include "db/exports/key_file.h"

#include "core/attestation/public_area.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/base64.h"
#include "core/enrollment/registration_id.h"
#include "core/system/regular_file.h"
#include "db/documents/enrollment_record_document.h"
#include "db/documents/json_text.h"
#include "db/documents/member_reader.h"
#include "db/documents/run_document.h"

#include <QFile>

namespace enroll::db::exports {

using documents::MemberReader;
using namespace enrollment;

namespace {

Result<KeyOfFile> keyOf(ByteView tpm2bPublic, RegistrationId registrationId, SerialNumber serialNumber)
{
    TRY_ASSIGN(const auto area, attestation::parsePublic(tpm2bPublic));
    TRY_ASSIGN(auto key, attestation::statedKeyOf(area));
    if (registrationId.empty()) {
        TRY_ASSIGN(registrationId, registrationIdFromEk(tpm2bPublic));
    }
    return KeyOfFile{std::move(registrationId), std::move(serialNumber), std::move(key)};
}

/// The enrollment's key alone: a weak one is what is looked for, so that no more is asked of the document than that.
Result<KeyOfFile> keyOfEnrollment(const MemberReader& enrollment)
{
    TRY_ASSIGN(auto registrationId, enrollment.text("registrationId"));
    TRY_ASSIGN(const auto attestation, enrollment.object("attestation"));
    TRY_ASSIGN(const auto tpm, attestation.object("tpm"));
    TRY_ASSIGN(const auto bytes, tpm.base64("endorsementKey"));
    auto key = keyOf(bytes, RegistrationId{std::move(registrationId)}, {});
    return key ? std::move(key) : tpm.fault("endorsementKey", "cannot be used: " + key.error().what);
}

/// The keys of one line: each goes to the visitor, each fault to the other.
class LineReader {
public:
    LineReader(const KeyVisitor& visit, const LineFaultVisitor& fault) : m_visit(visit), m_fault(fault) {}

    /// Errors of the visitors, and S-334 once it is plain that the file is of another kind.
    Result<void> read(std::size_t number, std::string_view line)
    {
        m_number = number;
        line = trimmed(line);
        if (line.empty() || line == "[" || line == "]" || line == "[]") {
            return {};
        }
        return line.front() == '{' ? readJson(line) : readBase64(line);
    }

    /// read() for a line that is too long to be kept.
    Result<void> readTooLong(std::size_t number)
    {
        m_number = number;
        return odd(makeError(StationCode::DocumentMalformed,
                             "the line is longer than " + std::to_string(kMostOfALine) + " bytes"));
    }

    /// Error S-334 if no line had any of the forms.
    Result<void> end() const { return m_isKnown || m_odd.empty() ? Result<void>{} : Result<void>{otherKind()}; }

private:
    /// A fault of a line that has one of the forms.
    Result<void> refuse(const Error& error)
    {
        TRY(known());
        return m_fault(m_number, recoded(error, StationCode::DocumentMalformed));
    }

    /// The faults that waited go to their visitor once a line shows that the file is of the right kind.
    Result<void> known()
    {
        m_isKnown = true;
        for (const auto& [number, error] : std::exchange(m_odd, {})) {
            TRY(m_fault(number, error));
        }
        return {};
    }

    /// A line of no form at all.
    Result<void> odd(const Error& error)
    {
        auto fault = recoded(error, StationCode::DocumentMalformed);
        if (m_isKnown) {
            return m_fault(m_number, fault);
        }
        m_odd.emplace_back(m_number, std::move(fault));
        return m_odd.size() < kMostOdd ? Result<void>{} : Result<void>{otherKind()};
    }

    [[nodiscard]] Error otherKind() const
    {
        const auto& [number, first] = m_odd.front();
        return makeError(
            StationCode::DocumentMalformed,
            "it is no file of keys: give what 'enrollctl export' wrote as jsonl or dps-bulk (not csv), or a list of "
            "TPM2B_PUBLIC in base64, one a line; line " +
                std::to_string(number) + ": " + first.what);
    }

    Result<void> take(Result<KeyOfFile> key)
    {
        if (!key.ok()) {
            return refuse(key.error());
        }
        TRY(known());
        return m_visit(std::move(key).value());
    }

    Result<void> readBase64(std::string_view line)
    {
        const auto bytes = crypto::fromBase64(line);
        if (!bytes.ok()) {
            return odd(prefixed("the line must be a JSON object or a key in base64, and is ", bytes.error()));
        }
        auto key = keyOf(*bytes, {}, {});
        return key.ok() ? take(std::move(key)) : odd(key.error());
    }

    Result<void> readJson(std::string_view line)
    {
        if (line.ends_with(',')) {
            line.remove_suffix(1);
        }
        const auto document = documents::parseJsonObject(asBytes(line));
        if (!document.ok()) {
            return odd(document.error());
        }
        const MemberReader reader{*document};
        if (!reader.isAbsent("enrollments")) {
            return readBulk(reader);
        }
        if (!reader.isAbsent("attestation")) {
            return take(keyOfEnrollment(reader));
        }
        const auto schema = reader.looseText("schema");
        if (!schema.starts_with("enrollment-station/")) {
            return odd(reader.fault("schema", "is none of a record or a run"));
        }
        const bool isRun = schema.starts_with(documents::kRunDocument);
        return isRun ? readRun(*document) : readRecord(*document);
    }

    Result<void> readBulk(const MemberReader& reader)
    {
        const auto enrollments = reader.objects("enrollments");
        if (!enrollments.ok()) {
            return refuse(enrollments.error());
        }
        TRY(known()); // a bulk operation of nothing is one, too
        for (const auto& enrollment : *enrollments) {
            TRY(take(keyOfEnrollment(enrollment)));
        }
        return {};
    }

    Result<void> readRun(const QJsonObject& document)
    {
        const auto run = documents::runFromJson(document);
        if (!run.ok()) {
            return refuse(run.error());
        }
        if (!run->endorsementKey) {
            return known();
        }
        return take(
            keyOf(run->endorsementKey->publicArea, run->registrationId.value_or(RegistrationId{}), run->serialNumber));
    }

    Result<void> readRecord(const QJsonObject& document)
    {
        const auto record = documents::recordFromJson(document);
        if (!record.ok()) {
            return refuse(record.error());
        }
        return take(keyOf(record->endorsementKey, record->registrationId, record->serialNumber));
    }

    const KeyVisitor& m_visit;
    const LineFaultVisitor& m_fault;
    std::size_t m_number = 0;
    bool m_isKnown = false;                           ///< a line had one of the forms
    std::vector<std::pair<std::size_t, Error>> m_odd; ///< lines of no form before it, with what is wrong
};

/// Passes over the rest of a line that is too long.
void skipLine(QIODevice& in)
{
    while (true) {
        const auto more = in.readLine(kMostOfALine);
        if (more.isEmpty() || more.endsWith('\n')) {
            return;
        }
    }
}

} // namespace

Result<void> forEachKey(QIODevice& in, const KeyVisitor& visit, const LineFaultVisitor& fault)
{
    LineReader reader{visit, fault};
    for (std::size_t number = 1; !in.atEnd(); ++number) {
        const auto line = in.readLine(kMostOfALine);
        if (line.isEmpty()) {
            return makeError(StationCode::FileUnusable, in.errorString().toStdString(), "read");
        }
        if (!line.endsWith('\n') && !in.atEnd()) {
            skipLine(in);
            TRY(reader.readTooLong(number));
            continue;
        }
        TRY(reader.read(number, {line.constData(), static_cast<std::size_t>(line.size())}));
    }
    return reader.end();
}

Result<void> forEachKeyOfFile(const std::filesystem::path& file, const KeyVisitor& visit, const LineFaultVisitor& fault)
{
    TRY_ASSIGN(const auto descriptor, system::openRegularFile(file));
    QFile in;
    if (!in.open(descriptor.fd(), QIODevice::ReadOnly, QFileDevice::DontCloseHandle)) {
        return makeError(StationCode::FileUnusable, file.string() + " cannot be read", "open");
    }
    auto read = forEachKey(in, visit, fault);
    if (in.error() != QFileDevice::NoError) {
        return makeError(StationCode::FileUnusable,
                         file.string() + " cannot be read to its end: " + in.errorString().toStdString(), "read");
    }
    return read;
}

} // namespace enroll::db::exports
