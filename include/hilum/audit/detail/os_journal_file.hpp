// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/config.hpp>

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

// POSIX-only.
namespace hilum::inline HILUM_ABI::detail {

/// A file that records are appended to, one `write(2)` each.
class JournalFile {
public:
    JournalFile() = default;
    JournalFile(JournalFile const&) = delete;
    JournalFile& operator=(JournalFile const&) = delete;

    ~JournalFile() {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }

    /// Creates the file with mode 0600, or goes on behind what is there. Never follows a link at
    /// the end of the path; takes nothing but a regular file that nobody else may read or write.
    std::error_code open(std::string const& path) {
        constexpr int flags =
            O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
        descriptor_ = ::open(path.c_str(), flags, S_IRUSR | S_IWUSR);

        struct stat info {};

        if (descriptor_ < 0 || ::fstat(descriptor_, &info) != 0)
            return last_error();
        if (!S_ISREG(info.st_mode))
            return std::make_error_code(std::errc::invalid_argument);
        if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            return std::make_error_code(std::errc::permission_denied);
        return {};
    }

    /// Makes the name of a file that was just created last, too.
    static void sync_folder_of(std::string const& path) {
        auto const slash = path.rfind('/');
        auto const folder =
            slash == std::string::npos ? std::string(".") : path.substr(0, slash + 1);
        int const descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0)
            return;
        ::fsync(descriptor);
        ::close(descriptor);
    }

    /// All of it or an error; `torn` then says whether a part of it stands in the file.
    std::error_code append(std::string_view line, bool& torn) const {
        for (;;) {
            auto const n = ::write(descriptor_, line.data(), line.size());
            if (n == static_cast<ssize_t>(line.size()))
                return {};
            if (n < 0 && errno == EINTR)
                continue;
            torn = n > 0;
            return n < 0 ? last_error() : std::make_error_code(std::errc::no_space_on_device);
        }
    }

    std::error_code sync() const {
        while (::fdatasync(descriptor_) != 0)
            if (errno != EINTR)
                return last_error();
        return {};
    }

private:
    static std::error_code last_error() { return {errno, std::generic_category()}; }

    int descriptor_ = -1;
};

} // namespace hilum::inline HILUM_ABI::detail
