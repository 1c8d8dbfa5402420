#include "app/desktop/first_window.h"

#include "core/base/error.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"

#include <QFile>
#include <QLocalSocket>

#include <algorithm>
#include <optional>
#include <thread>

namespace enroll::app::desktop {
namespace {

constexpr QByteArrayView kShown = "shown\n";
constexpr qsizetype kLongestPlace = 107; // unix(7): sun_path, without its NUL
constexpr std::chrono::milliseconds kAskAgain{20};

QString placeIn(const std::filesystem::path& dataDirectory)
{
    std::error_code unknown;
    const auto place = std::filesystem::absolute(dataDirectory, unknown) / "station.socket";
    return QString::fromStdString(place.string());
}

Error unusable(const QString& place, const std::string& why)
{
    return makeError(StationCode::FileUnusable,
                     "a second start cannot show this window: " + place.toStdString() + ": " + why);
}

/// Why no socket can be made at \p place; none: it can. Removes the socket of a program that was killed; anything else would
/// be replaced by listening, and stays.
std::optional<Error> obstacleAt(const QString& place)
{
    namespace fs = std::filesystem;
    std::error_code failure;
    const auto there = fs::symlink_status(place.toStdString(), failure).type();
    if (QFile::encodeName(place).size() > kLongestPlace) {
        return makeError(StationCode::FileUnusable,
                         "a second start cannot show this window: the path of a socket has at "
                         "most 107 bytes, and this one has more: " +
                             place.toStdString());
    }
    if (there == fs::file_type::not_found) {
        return std::nullopt;
    }
    if (there == fs::file_type::socket) {
        fs::remove(place.toStdString(), failure);
        return failure ? std::optional{unusable(place, failure.message())} : std::nullopt;
    }
    return failure
               ? unusable(place, failure.message())
               : makeError(StationCode::FileUnusable, "a second start cannot show this window: " + place.toStdString() +
                                                          " is there, and is no socket");
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
    if (const auto obstacle = obstacleAt(place)) {
        logFault(*obstacle);
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
    while (!first.waitForConnected(millisecondsLeft(deadline))) { // at once where there is no socket yet, or an old one
        if (deadline.passed()) {
            return false;
        }
        std::this_thread::sleep_for(std::min(deadline.left(), kAskAgain));
        first.connectToServer(placeIn(dataDirectory), QIODevice::ReadOnly);
    }
    while (first.bytesAvailable() < kShown.size()) {
        if (!first.waitForReadyRead(millisecondsLeft(deadline))) {
            return false;
        }
    }
    return first.read(kShown.size()) == kShown;
}

} // namespace enroll::app::desktop
