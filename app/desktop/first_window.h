#pragma once

#include "core/base/clock.h"

#include <QLocalServer>

#include <filesystem>

namespace enroll::app::desktop {

/// Lets a second start of the program bring the window of the first to the front. The two meet at "station.socket" in the
/// data directory, which only its owner may use. Nothing that a second start sends is read.
class FirstWindow final : public QObject {
    Q_OBJECT

public:
    /// Listens from here on. The caller must be the one program that has \p dataDirectory open: a socket that
    /// is there already is removed. Where none can be made, a second start is refused, and the log says why.
    explicit FirstWindow(const std::filesystem::path& dataDirectory, QObject* parent = nullptr);

    /// From here on nobody is answered: the window closes.
    void stop() { m_server.close(); }

    /// Asks the program that has \p dataDirectory open to show its window. One that is just starting is waited for. False:
    /// nobody answered before \p deadline.
    static bool ask(const std::filesystem::path& dataDirectory, Deadline deadline);

Q_SIGNALS:
    void asked();

private:
    void answer();

    QLocalServer m_server;
};

} // namespace enroll::app::desktop
