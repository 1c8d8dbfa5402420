#include "app/desktop/first_window.h"

#include "core/base/error.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"

#include <QLocalSocket>

namespace enroll::app::desktop {
namespace {

constexpr QByteArrayView kShown = "shown\n";

QString placeIn(const std::filesystem::path& dataDirectory)
{
    std::error_code unknown;
    const auto place = std::filesystem::absolute(dataDirectory, unknown) / "station.socket";
    return QString::fromStdString(place.string());
}

/// Removes the socket of a program that was killed. False if something else is there, which listening would replace.
bool isFree(const QString& place)
{
    std::error_code unknown;
    const auto there = std::filesystem::symlink_status(place.toStdString(), unknown);
    return there.type() == std::filesystem::file_type::not_found ||
           (std::filesystem::is_socket(there) && QLocalServer::removeServer(place));
}

Error unusable(const QString& place, const std::string& why)
{
    return makeError(StationCode::FileUnusable,
                     "a second start cannot show this window: " + place.toStdString() + ": " + why);
}

int millisecondsLeft(const Deadline& deadline)
{
    return static_cast<int>(deadline.left().count());
}

} // namespace

FirstWindow::FirstWindow(const std::filesystem::path& dataDirectory, QObject* parent) : QObject(parent)
{
    const auto place = placeIn(dataDirectory);
    connect(&m_server, &QLocalServer::newConnection, this, &FirstWindow::answer);
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    if (!isFree(place)) {
        logFault(unusable(place, "something that is no socket is there"));
    } else if (!m_server.listen(place)) {
        logFault(unusable(place, m_server.errorString().toStdString()));
    }
}

void FirstWindow::answer()
{
    while (auto* other = m_server.nextPendingConnection()) {
        connect(other, &QLocalSocket::disconnected, other, &QObject::deleteLater);
        Q_EMIT asked();
        other->write(kShown.data(), kShown.size());
        other->disconnectFromServer(); // once the word is written
    }
}

bool FirstWindow::ask(const std::filesystem::path& dataDirectory, Deadline deadline)
{
    QLocalSocket first;
    first.connectToServer(placeIn(dataDirectory), QIODevice::ReadOnly);
    if (!first.waitForConnected(millisecondsLeft(deadline))) {
        return false;
    }
    while (first.bytesAvailable() < kShown.size()) {
        if (!first.waitForReadyRead(millisecondsLeft(deadline))) {
            return false;
        }
    }
    return first.read(kShown.size()) == kShown;
}

} // namespace enroll::app::desktop
