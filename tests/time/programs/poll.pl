# HTTP::Tiny and Time::HiRes, which come with Perl.
use strict;
use warnings;
use HTTP::Tiny;
use Time::HiRes qw(sleep time);
use Time::Piece;

my ($base, $task, $token, $interval, $mode) = @ARGV;
my $http = HTTP::Tiny->new(timeout => $mode eq 'timeout' ? 2 : 60);
for (1 .. 50) {
    my $reply = $http->get("$base/v1/video/generations/$task",
        {headers => {Authorization => "Bearer $token"}});
    exit 0 if $reply->{content} =~ /"status": "success"/;
    my $pause = $interval - ($mode eq 'hasty' ? 0.05 : 0);
    my $date = $reply->{headers}{'retry-after'};
    if ($mode eq 'date' && $date) {
        my $at = Time::Piece->strptime($date, '%a, %d %b %Y %H:%M:%S GMT')->epoch;
        $pause = $at - time;
    }
    sleep($pause) if $pause > 0;
}
exit 1;
