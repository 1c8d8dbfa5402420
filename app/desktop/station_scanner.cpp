#include "app/desktop/station_scanner.h"

#include "core/base/scan_code.h"

namespace enroll::app::desktop {
namespace {

Result<QString> codeOf(const scanner::ScannedLine& line)
{
    if (!line.isWhole) {
        return makeError(ScanCode::ScanCutOff, "the scanner sent a code without its end, or characters are missing",
                         "read the scanner");
    }
    return QString::fromStdString(line.text);
}

} // namespace

StationScanner::StationScanner(const enrollment::ScannerSettings& settings, QObject* parent) : QObject(parent)
{
    if (!settings.own) {
        return;
    }
    auto reader = scanner::ScannerReader::create(
        *settings.own, scanner::CodeAssembly{settings.end, static_cast<std::size_t>(settings.minLength)}, *this);
    if (reader.ok()) {
        m_reader = std::move(reader).value();
    } else {
        scannerIs(reader.error());
    }
}

StationScanner::~StationScanner() = default;

void StationScanner::requestStop() noexcept
{
    if (m_reader) {
        m_reader->requestStop();
    }
}

void StationScanner::scanned(const scanner::ScannedLine& line)
{
    QMetaObject::invokeMethod(
        this, [this, code = codeOf(line)] { Q_EMIT codeRead(code); }, Qt::QueuedConnection);
}

void StationScanner::scannerIs(const std::optional<Error>& trouble)
{
    QMetaObject::invokeMethod(
        this, [this, trouble] { Q_EMIT changed(trouble); }, Qt::QueuedConnection);
}

} // namespace enroll::app::desktop
