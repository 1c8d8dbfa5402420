#pragma once

#include "core/base/result.h"
#include "core/scanner/scanner_reader.h"

#include <QObject>

namespace enroll::app::desktop {

/// The station's own scanner, where the configuration names one: what it reads comes as signals of the thread that this
/// object lives on, in order.
class StationScanner final : public QObject, private scanner::ScannerSink {
    Q_OBJECT

public:
    explicit StationScanner(const enrollment::ScannerSettings& settings, QObject* parent = nullptr);
    /// Waits for the reader's thread.
    ~StationScanner() override;

    /// Ends the reading without waiting.
    void requestStop() noexcept;

Q_SIGNALS:
    /// Error: B-641, a part of a code came.
    void codeRead(const enroll::Result<QString>& code);
    /// Why the scanner cannot be read (S-342); none: it can.
    void changed(const std::optional<enroll::Error>& trouble);

private:
    void scanned(const scanner::ScannedLine& line) override;
    void scannerIs(const std::optional<Error>& trouble) override;

    std::unique_ptr<scanner::ScannerReader> m_reader; ///< null where no scanner is configured, or none can be read
};

} // namespace enroll::app::desktop
