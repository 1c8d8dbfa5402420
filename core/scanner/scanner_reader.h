#pragma once

#include "core/base/error.h"
#include "core/enrollment/scanner_settings.h"
#include "core/scanner/code_assembly.h"

#include <memory>

namespace enroll::scanner {

/// Receives what a scanner reads, on the reader's thread. An implementation must not block.
class ScannerSink {
public:
    virtual ~ScannerSink() = default;
    virtual void scanned(const ScannedLine& line) = 0;
    /// The scanner is ready, so that what it reads from now on is whole, or why it is not (S-342). Called at each change, and
    /// once at the beginning.
    virtual void scannerIs(const std::optional<Error>& trouble) = 0;

protected:
    ScannerSink() = default;
    ScannerSink(const ScannerSink&) = default;
    ScannerSink& operator=(const ScannerSink&) = default;
};

/// Reads the station's own scanner on a thread of its own, which sleeps while nothing comes. A scanner that is not there
/// is looked for every kBetweenTries, so that one which was pulled out works again as soon as it is back.
///
/// At most one code in kBetweenCodes is handed on, however fast they come: no hand is that fast, and a device that floods
/// the line must not flood the screen. The others wait on the line.
class ScannerReader {
public:
    static constexpr std::chrono::milliseconds kBetweenTries{3000};
    static constexpr std::chrono::milliseconds kBetweenCodes{50};

    /// \param codes  how the scanner ends its codes: one that nothing was put into
    /// \par Errors   S-321 (the system has no descriptor left)
    static Result<std::unique_ptr<ScannerReader>> create(enrollment::OwnScanner scanner, CodeAssembly codes,
                                                         ScannerSink& sink);
    /// Waits for the thread. The sink is not called from here on.
    ~ScannerReader();
    ScannerReader(const ScannerReader&) = delete;
    ScannerReader& operator=(const ScannerReader&) = delete;

    /// Ends the thread without waiting.
    void requestStop() noexcept;

private:
    struct Impl;
    explicit ScannerReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace enroll::scanner
