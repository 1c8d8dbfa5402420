#pragma once

#include "core/base/error.h"

#include <QMessageBox>

#include <filesystem>

namespace enroll::app::desktop {

/// Shows why the station cannot start: code and headline, what to do, and the line of the log. That line is English in
/// every language, and a heading in the person's own says so.
class RefusalBox final : public QMessageBox {
    Q_OBJECT

public:
    explicit RefusalBox(const Error& error);

    /// There is no configuration: offers to write \p file, with every key commented out. The box stays, and says what came
    /// of it.
    void offerSample(const std::filesystem::path& file);

private:
    /// True if it was written.
    bool writeSample(const std::filesystem::path& file);
    static QString textOf(const Error& error);
};

} // namespace enroll::app::desktop
